"""The pages under ``fixtures/pages`` as test parameters."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.fixtures import Fixture, load_fixtures

PAGES = tuple(load_fixtures())


def mark_known_failures(pages: tuple[Fixture, ...], aspect: str) -> list[Any]:
    """Return the pages as test parameters; a page that is known to fail must fail.

    The page's ``about.json`` says why, under ``known_failures`` and the name of the aspect. When it begins to pass, the
    suite says so, and the line can go.
    """
    return [pytest.param(page, id=page.slug, marks=_known_failure(page, aspect)) for page in pages]


def mark_known_changes(pages: tuple[Fixture, ...], changes: tuple[Callable[[str], str], ...]) -> list[Any]:
    """Every page with every change of its markup; the aspect of a known failure is the change's name."""
    return [
        pytest.param(page, change, id=f"{page.slug}-{change.__name__}", marks=_known_failure(page, change.__name__))
        for page in pages
        for change in changes
    ]


def _known_failure(page: Fixture, aspect: str) -> tuple[pytest.MarkDecorator, ...]:
    reason = page.about.get("known_failures", {}).get(aspect)
    return (pytest.mark.xfail(reason=reason, strict=True),) if reason else ()


def pages_of_kind(kind: str) -> tuple[Fixture, ...]:
    """Return the fixtures of one kind, html or text."""
    return tuple(page for page in PAGES if page.about["kind"] == kind)
