"""Code: its programming language, and the numbers of its lines, which are none of it."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.patterns import compile_later

_CLASS: Final = compile_later(tags.CODE_LANGUAGE_CLASS, re.IGNORECASE)
_BARE_CLASS: Final = compile_later(r"(?:^|\s)(?:hljs|sourcecode|codehilite|prettyprint)(?=\s|$)", re.IGNORECASE)
_LANGUAGE: Final = compile_later(r"[A-Za-z][\w+#.-]{0,19}")
_NO_LANGUAGES: Final = frozenset(
    {"none", "plain", "plaintext", "text", "default", "auto", "nohighlight", "notranslate", "wrapper", "container",
     "output", "console-output", "highlight", "hljs", "sourcecode", "codehilite", "prettyprint", "prettyprinted",
     "block", "linenums", "literal-block", "code", "copy", "source", "pre"}
)  # fmt: skip
_ATTRIBUTES: Final = ("data-lang", "data-language", "data-code-language", "data-enlighter-language", "syntax")
_BOXES_ABOVE: Final = 3
_LINES: Final = compile_later(r"(?:\s*\d{1,6}[ \t]*(?:\n|\Z))+")


def find_language(element: etree._Element) -> str:
    """The programming language that a ``pre``, its ``code`` or a box around it names; ``""`` if none does.

    >>> find_language(etree.fromstring('<pre><code class="language-rust">x</code></pre>'))
    'rust'
    """
    inside = list(islice(element.iterchildren("code", "samp"), 1))
    around = islice(element.iterancestors(), _BOXES_ABOVE)
    for candidate in (*inside, element, *around):
        for language in _read_languages(candidate, candidate is element or candidate in inside):
            if _LANGUAGE.fullmatch(language) and language.lower() not in _NO_LANGUAGES:
                return language
    return ""


def _read_languages(element: etree._Element, is_code: bool) -> Iterator[str]:
    """What may be the language's name, in an element's attributes."""
    yield from filter(None, map(element.get, _ATTRIBUTES))
    name = element.get("class") or ""
    yield from (match[1] for match in _CLASS.finditer(name))
    if is_code and _BARE_CLASS.search(name):
        yield from name.split()


def is_gutter(text: str) -> bool:
    r"""Whether preformatted text is but the numbers of lines, one below the other.

    >>> is_gutter("1\n2\n3\n"), is_gutter("1\n2\n5")
    (True, False)
    """
    if not text[:8].strip()[:1].isdigit() or not _LINES.fullmatch(text):
        return False
    numbers = [int(number) for number in text.split()]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
