"""Bytes to text to every format, guided by coverage: ``make fuzz MINUTES=10``.

Whatever a page holds, nothing may raise, and what comes out must be text that can be encoded and kept text that stands
in the page.
"""

import json
import sys


def check_page(source: bytes, *, reasons: bool = True) -> None:
    """Clean a page and write it in every format; the reasons take longer than all of the rest together.

    >>> check_page(b"<p>The mill stands still.</p>")
    """
    from boilerstrip import Document, clean

    document = clean(source)
    written = document.to_json(reasons=reasons)
    for text in (
        document.text,
        document.to_html(links=True, images=True),
        document.to_markdown(links=True, images=True),
        written,
    ):
        text.encode()
    assert Document.from_dict(json.loads(written)).text == document.text
    assert document.status in ("ok", "empty", "no_story", "binary")


def main() -> None:
    """Run libFuzzer with its own arguments; needs the extra ``fuzz``."""
    import atheris

    with atheris.instrument_imports(include=["boilerstrip"]):
        import boilerstrip.cleaner
        import boilerstrip.document  # noqa: F401

    atheris.Setup(sys.argv, check_page)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
