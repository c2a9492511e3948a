"""What is handed to the user: the document of a page that was judged, or of all that was read where it could not be."""

from dataclasses import replace
from typing import NamedTuple

from boilerstrip.blocks import Blocks
from boilerstrip.document import Document, Status
from boilerstrip.evidence.matrix import Evidence
from boilerstrip.judge.opinions import Opinions
from boilerstrip.judge.reasons import Explanation
from boilerstrip.judge.select import Selection
from boilerstrip.judge.tagger import load_tagger
from boilerstrip.judge.units import Units
from boilerstrip.limits import UNLIMITED, Limits, TimeUpError
from boilerstrip.options import Options
from boilerstrip.page import Mark, Page, SiteCounts
from boilerstrip.render.text import render_text
from boilerstrip.segment.text import join_text_blocks
from boilerstrip.sources import Read
from boilerstrip.titles import find_headings, read_title


class Judgement(NamedTuple):
    """What was measured, said and decided about a page."""

    evidence: Evidence
    opinions: Opinions
    selection: Selection
    units: Units
    counts: SiteCounts | None


def explain(page: Page, judgement: Judgement) -> Explanation:
    """The reasons of each block of a page that was judged, found when they are first asked for."""
    evidence, opinions, selection, _, counts = judgement
    return Explanation(load_tagger(), evidence, page, selection, counts, opinions)


def build_document(
    read: Read, judgement: Judgement, options: Options, url: str | None, limits: Limits = UNLIMITED
) -> Document:
    """The page as it is handed to the user."""
    tagger, page = load_tagger(), read.page
    evidence, opinions, selection, units, _ = judgement
    kept = selection.kept.tolist()
    numbers = [block for block, keep in enumerate(kept) if keep]
    notes = read.notes
    try:
        if page.kind == "text":
            story = _join_plainly(read, numbers)
        else:
            story = render_text(page, numbers, units.tables.tolist(), limits.last_part())
    except TimeUpError:
        story = _join_plainly(read, numbers)
        notes = (*notes, f"{limits.describe_time()}; lists and tables are not drawn")
    shown = start_from_base(page, url)
    title = read_title(page.head, find_headings(page, evidence.title), url) if page.kind == "html" else None
    best_type = int(opinions.page_types.argmax())
    is_typed = page.kind == "html" and len(page) > 0
    return Document(
        text=f"{title}\n\n{story}" if options.with_title and title and story else story,
        blocks=Blocks(shown, kept, opinions.final.tolist(), evidence.block_languages, explain(page, judgement)),
        kind=page.kind,
        status=_tell_status(read, story, selection),
        language=evidence.language,
        confidence=tagger.estimate_f1(opinions.final, evidence.word_counts, selection.kept) if story else 0.0,
        encoding=read.encoding,
        encoding_source=read.encoding_source,
        truncated=page.truncated,
        page_type=tagger.page_types[best_type] if is_typed else None,
        page_type_probability=float(opinions.page_types[best_type]) if is_typed else 0.0,
        title=title,
        url=url or page.head.url or None,
        bias=tagger.bias,
        threshold=min(selection.threshold, 1.0),
        notes=notes,
        source=read.text,
        with_title=options.with_title,
        links=options.links,
        images=options.images,
    )


def start_from_base(page: Page, url: str | None) -> Page:
    """The page with the addresses of links and images as its ``<base>`` has them, which may be relative to where the
    page is. Those within the page stay, as notes are found by them.

    >>> from boilerstrip.page import Head
    >>> page = Page("html", ["Rain"], marks=[(Mark(0, 4, "link", "rain"),)], head=Head(base="/news/"))
    >>> start_from_base(page, None).marks[0][0].target
    '/news/rain'
    """
    if not page.head.base:
        return page
    from urllib.parse import urljoin, urlsplit  # only now: few pages have a base

    def join(mark: Mark) -> Mark:
        if mark.kind not in ("link", "image") or not mark.target or mark.target.startswith("#"):
            return mark
        try:
            return mark._replace(target=urljoin(start, mark.target))
        except ValueError:
            return mark

    try:
        start = urljoin(url or page.head.url, page.head.base)
        is_usable = urlsplit(start).scheme in ("", "http", "https")
    except ValueError:
        is_usable = False
    return replace(page, marks=[tuple(map(join, marks)) for marks in page.marks]) if is_usable else page


def keep_all(read: Read, url: str | None, note: str, *, is_cut: bool) -> Document:
    """A document of all that was read, unjudged: no block has a score or a reason, and only separators are dropped."""
    page = read.page
    kept = [role != "separator" for role in page.roles]
    numbers = [block for block, keep in enumerate(kept) if keep]
    text = _join_plainly(read, numbers)
    return Document(
        text=text,
        blocks=Blocks(start_from_base(page, url), kept, [0.0] * len(page), [None] * len(page), ((),) * len(page)),
        kind=page.kind,
        status="ok" if text else "binary" if read.is_binary else "empty",
        encoding=read.encoding,
        encoding_source=read.encoding_source,
        truncated=page.truncated or is_cut,
        url=url or page.head.url or None,
        threshold=0.0,
        notes=(*read.notes, note),
        source=read.text,
    )


def _join_plainly(read: Read, blocks: list[int]) -> str:
    """Some blocks with an empty line between two, or, in a text, as they stand there."""
    if read.page.kind == "text":
        return join_text_blocks(read.text, [read.page.spans[block] for block in blocks])
    return "\n\n".join(read.page.texts[block] for block in blocks)


def _tell_status(read: Read, story: str, selection: Selection) -> Status:
    if read.is_binary:
        return "binary"
    if not len(read.page):
        return "empty"
    if story.strip():
        return "ok"
    return "other_language" if "other_language" in selection.overruled.values() else "no_story"
