"""``boilerstrip learn``: all pages of the inputs into a site memory, without an output of their own.

There is no journal, because none is needed: learning a page again changes nothing, so a run that was stopped is simply
repeated.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from time import monotonic
from typing import Any

import click

from boilerstrip.batch.command import EXIT_FAILURE, EXIT_INTERRUPT, build_source, count_cores, say
from boilerstrip.batch.crew import Crew
from boilerstrip.batch.pages import Job
from boilerstrip.batch.plan import measure
from boilerstrip.batch.progress import describe_pace, show_progress
from boilerstrip.batch.records import Cleaned, Failed, Input, Record, Result
from boilerstrip.batch.runner import Progress, process_in_order, window_of
from boilerstrip.batch.sinks import LessonSink
from boilerstrip.batch.summary import Summary
from boilerstrip.decode import decode
from boilerstrip.memory import SiteMemory

_LESSONS_A_COMMIT = 256


def learn_many(paths: Sequence[str], settings: Mapping[str, Any]) -> int:
    """Learn all pages of ``paths``; the exit code."""
    decode(b"", settings["encoding"])
    job = Job(
        options={"kind": settings["kind"]},
        encoding=settings["encoding"],
        max_bytes=settings["max_bytes"],
        site=settings["site"],
        learn=True,
    )
    source = build_source(paths, settings, ".txt")
    quiet = settings["quiet"] or settings["as_json"]
    total = 0 if quiet else measure(source)
    try:
        with (
            closing(LessonSink(SiteMemory(settings["memory"]))) as sink,
            show_progress(total, "learning", quiet=quiet) as bar,
        ):
            summary = _learn_all(iter(source), job, settings, sink, bar)
    except KeyboardInterrupt:
        say("stopped; what was learnt is kept. Repeat the command to go on")
        return EXIT_INTERRUPT
    _report(summary, settings)
    return EXIT_FAILURE if summary.failures else 0


def _learn_all(inputs: Any, job: Job, settings: Mapping[str, Any], sink: LessonSink, bar: Progress) -> Summary:
    began, summary = monotonic(), Summary()
    workers = settings["workers"] or count_cores()
    with closing(Crew(job, workers, settings["max_seconds"])) as crew:
        for pair in process_in_order(inputs, crew, window_of(workers)):
            summary.seconds = monotonic() - began
            if pair is not None:
                _learn_page(*pair, sink, summary)
                bar.show(summary, pair[0].position)
    sink.commit()
    sink.finish()
    summary.seconds = monotonic() - began
    return summary


def _learn_page(item: Input, result: Result, sink: LessonSink, summary: Summary) -> None:
    if isinstance(result, Failed) or not isinstance(item, Record):
        summary.count(result if isinstance(result, Failed) else Failed("read", "there is no page"))
        message = result.message if isinstance(result, Failed) else ""
        click.echo(f"boilerstrip: {item.id!r}: {message}", err=True)
        return
    assert isinstance(result, Cleaned)
    sink.write(item, result)
    summary.count(result.facts)
    if summary.pages % _LESSONS_A_COMMIT == 0:
        sink.commit()


def _report(summary: Summary, settings: Mapping[str, Any]) -> None:
    known = {name: summary.to_dict()[name] for name in ("inputs", "pages", "failures", "seconds", "pages_a_second")}
    if settings["as_json"]:
        click.echo(json.dumps(known))
    elif not settings["quiet"]:
        say(f"learnt {describe_pace(summary)}")
