"""The pages that ship with the sources, each with the text a reader would call its story."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FIXTURES: Final = Path(__file__).resolve().parent.parent / "fixtures" / "pages"


@dataclass(frozen=True)
class Fixture:
    """A page or a scraped text and its expected story."""

    slug: str
    source: bytes
    expected: str
    about: dict[str, Any] = field(default_factory=dict)
    """What it is; ``options`` are the cleaner's for it, ``url`` its address, ``optional`` lines that may stay or go."""

    def without_optional(self, text: str) -> str:
        """The text without the lines that may stay or go.

        >>> Fixture("page", b"", "Story.", {"optional": ["Headline"]}).without_optional("Headline\\nStory.")
        'Story.'
        """
        optional = set(self.about.get("optional", ()))
        return "\n".join(line for line in text.splitlines() if line.strip() not in optional)


def load_fixtures(folder: Path = FIXTURES) -> Iterator[Fixture]:
    """Every ``SLUG/source.html`` or ``SLUG/source.txt`` that has an ``expected.txt`` beside it, by name."""
    for expected in sorted(folder.glob("*/expected.txt")):
        page = expected.parent
        about = page / "about.json"
        yield Fixture(
            slug=page.name,
            source=next(page.glob("source.*")).read_bytes(),
            expected=expected.read_text(encoding="utf-8"),
            about=json.loads(about.read_text(encoding="utf-8")) if about.is_file() else {},
        )
