"""Bytes to text to every format, guided by coverage: ``make fuzz MINUTES=10``.

Whatever a page holds, nothing may raise, and what comes out must be text that can be encoded and kept text that stands
in the page.
"""

import json
import sys


def check_page(source: bytes) -> None:
    """Clean a page and write it in every format.

    >>> check_page(b"<p>The mill stands still.</p>")
    """
    from boilerstrip import Document, clean

    document = clean(source)
    for written in (
        document.text,
        document.to_html(links=True, images=True),
        document.to_markdown(links=True, images=True),
        document.to_json(),
    ):
        written.encode()
    assert Document.from_dict(json.loads(document.to_json())).text == document.text
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
