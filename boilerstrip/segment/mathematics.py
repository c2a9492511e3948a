r"""Formulas as text: the LaTeX that the page holds, or else its MathML as a reader would type it.

Each renderer keeps the source beside what it draws: in an annotation (KaTeX, Wikipedia), in an attribute (MathJax 4,
Quill), in a script (MathJax 2). What is drawn is not read, so that no formula stands twice.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from boilerstrip.patterns import compile_later
from boilerstrip.segment.latex import ARGUMENTS, DEPTH_LIMIT, INVISIBLE, LARGE, SPACED, UNREAD, read_name, write_latex

_LATEX_ATTRIBUTES: Final = ("data-latex", "data-tex", "data-expr", "data-math", "data-value", "alttext")
_LATEX_ENCODINGS: Final = frozenset({"application/x-tex", "application/x-latex", "tex", "latex", "text/latex"})
_DISPLAY_CLASS: Final = compile_later(r"display|ql-block|mwe-math-fallback-image-display", re.IGNORECASE)
_WRAPPING: Final = compile_later(
    r"\s*(?:\{\\(?:display|text|script)style\s*(?P<style>.*)\}|\$\$(?P<double>.+)\$\$|\$(?P<single>[^$]+)\$"
    r"|\\\((?P<round>.+)\\\)|\\\[(?P<square>.+)\\\]|\\(?:display|text)style\b(?P<plain>.*))\s*",
    re.DOTALL,
)
FORMULA_SIGNS: Final = "\\$"
"""What a formula between the delimiters of LaTeX begins with."""
_DELIMITED: Final = compile_later(r"\\\(.+\\\)|\\\[.+\\\]|\$\$.+\$\$|\$[^$]+\$", re.DOTALL)
"""LaTeX between the delimiters by which a script would find it on the page."""
_LATEX_CLASS: Final = compile_later(r"(?:^|\s)(?:tex|latex\w*|(?:ql|wp)-latex\S*|mwe-math\S*)(?=\s|$)")
LATEX_SOURCE_PIECES: Final = ("codecogs", "latex", "mathtex", "mimetex", "cht=tx")
"""A piece of every address that the next pattern finds."""
_LATEX_SOURCE: Final = compile_later(
    r"codecogs\.com|quicklatex\.com|(?:latex|mathtex|mimetex)\.(?:php|cgi)|[?&]cht=tx|/latex\?", re.IGNORECASE
)
"""Addresses of the programs that draw LaTeX as an image."""
_LATEX: Final = compile_later(r"\\[A-Za-z]{2,}|\$.+\$|[_^]\{|\{\\")
_LATEX_LIMIT: Final = 20_000
_SIGN: Final = compile_later(r"^ ([+−±-]) (?=\S)")
"""A sign in front of a term, which no blank sets apart."""


class Formula(NamedTuple):
    """A formula of a page."""

    text: str
    is_latex: bool = True
    display: bool = False
    """Whether it stands on a line of its own."""
    latex: str = ""
    """LaTeX of a text that is none, made of the page's MathML."""

    def write(self) -> str:
        r"""As it stands in the text of a page.

        >>> Formula("a_1").write(), Formula("a_1", display=True).write(), Formula("a/b", is_latex=False).write()
        ('$a_1$', '$$a_1$$', 'a/b')
        """
        return self._enclose(self.text) if self.is_latex else self.text

    def write_label(self) -> str:
        """What formats with markup write instead; nothing where the text is LaTeX, or where there is none."""
        return self._enclose(self.latex)

    def _enclose(self, latex: str) -> str:
        sign = "$$" if self.display else "$"
        return f"{sign}{latex}{sign}" if latex else ""


def read_formula(element: etree._Element) -> Formula:
    """The formula that an element of MathML, KaTeX, MathJax, Wikipedia or Quill draws; empty if there is none."""
    display = _is_display(element)
    for candidate in (element, *element.iter("math", "mjx-math")):
        display = display or _is_display(candidate)
        latex = _find_latex(candidate)
        if latex:
            return Formula(latex, display=display)
    for math in _find_mathml(element):
        if text := _read_mathml(math):
            return Formula(text, is_latex=False, display=display, latex=write_latex(math))
    images = (_clean_latex(image.get("alt", "")) for image in element.iter("img"))
    latex = next(filter(None, images), "")
    if latex:
        return Formula(latex, display=display)
    return Formula(" ".join("".join(map(str, element.itertext())).split()), is_latex=False)


def read_script(element: etree._Element) -> Formula | None:
    """The formula in a ``script`` for MathJax 2; ``None`` for any other script."""
    kind = (element.get("type") or "").lower().replace(" ", "")
    if not kind.startswith("math/"):
        return None
    if kind.startswith("math/mml"):
        return next(map(read_formula, _parse_mathml(element.text or "")), Formula(""))
    latex = _clean_latex(element.text or "")
    return Formula(latex, is_latex=kind.startswith("math/tex"), display="mode=display" in kind)


def read_delimited(text: str) -> Formula | None:
    r"""The formula that a text is, if it stands between the delimiters of LaTeX.

    >>> read_delimited("\\[a = b\\]"), read_delimited("$5 to $6")
    (Formula(text='a = b', is_latex=True, display=True, latex=''), None)
    """
    text = text.strip()
    if text[:1] not in FORMULA_SIGNS or not _DELIMITED.fullmatch(text):
        return None
    latex = _clean_latex(text)
    return Formula(latex, display=text.startswith(("\\[", "$$"))) if latex else None


def read_image(element: etree._Element) -> Formula | None:
    r"""The formula of an image whose description is LaTeX.

    >>> read_image(etree.fromstring(r'<img class="latex" alt="x^{2}"/>'))
    Formula(text='x^{2}', is_latex=True, display=False, latex='')
    """
    description, name = element.get("alt") or "", (element.get("class") or "").lower()
    if not description:
        return None
    address = element.get("src") or ""
    is_address = not address.startswith("data:")  # a picture itself, of many thousand characters
    is_drawn = _LATEX_CLASS.search(name) is not None or (is_address and _LATEX_SOURCE.search(address) is not None)
    if not is_drawn and not (("\\" in description or "math" in name) and _LATEX.search(description)):
        return None
    latex = _clean_latex(description)
    return Formula(latex, display=_is_display(element)) if latex else None


def is_source_of_preview(element: etree._Element) -> bool:
    """Whether a MathJax 2 script right behind an element, or behind its parent, holds the formula that it draws."""
    parent = element.getparent()
    for candidate in (element, *(() if parent is None else (parent,))):
        following = candidate.getnext()
        for _ in range(2):
            if following is None or (candidate.tail or "").strip():
                break
            if following.tag == "script":
                return (following.get("type") or "").lower().startswith("math/")
            candidate, following = following, following.getnext()
    return False


def _clean_latex(source: str) -> str:
    r"""LaTeX on one line, without what only says how to set it.

    >>> _clean_latex("{\\displaystyle  a\n_1}"), _clean_latex("\\(x\\)"), _clean_latex("$$y$$")
    ('a _1', 'x', 'y')
    """
    if len(source) > _LATEX_LIMIT:
        return ""
    latex = " ".join(source.split())
    while match := _WRAPPING.fullmatch(latex):
        inner = next(group for group in match.groups() if group is not None).strip()
        if not inner or inner == latex:
            break
        latex = inner
    return latex.replace("$", r"\$") if "$" in latex and r"\$" not in latex else latex


def _is_display(element: etree._Element) -> bool:
    return element.get("display") in ("block", "true") or _DISPLAY_CLASS.search(element.get("class") or "") is not None


def _find_latex(element: etree._Element) -> str:
    for annotation in element.iter("annotation"):
        if (annotation.get("encoding") or "").lower() in _LATEX_ENCODINGS:
            return _clean_latex(annotation.text or "")
    values = (element.get(name) for name in _LATEX_ATTRIBUTES)
    return next((_clean_latex(value) for value in values if value and not value.lstrip().startswith("<")), "")


def _find_mathml(element: etree._Element) -> Iterator[etree._Element]:
    """The MathML in an element or in its attribute."""
    if str(element.tag).endswith(":math"):
        yield element
    yield from element.iter("{*}math")
    yield from _parse_mathml(element.get("data-mathml") or "")


def _parse_mathml(source: str) -> Iterator[etree._Element]:
    if source.lstrip().startswith("<math") and len(source) <= _LATEX_LIMIT:
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        root = etree.fromstring(source.encode(), parser)
        if root is not None:
            yield root


def _read_mathml(element: etree._Element) -> str:
    return " ".join(_write_mathml(element, 0).split())


def _write_mathml(element: etree._Element, depth: int) -> str:
    """An element of MathML as a reader would type it (MathML 3, 3.1.3.2, for the order of the arguments)."""
    tag = read_name(element)
    if tag in UNREAD or not tag:
        return ""
    if depth > DEPTH_LIMIT:
        return "".join(map(str, element.itertext()))
    if not len(element):
        return _write_token(tag, (element.text or "").translate(INVISIBLE).strip())
    parts = [_write_mathml(child, depth + 1) for child in element]
    return _combine(tag, [part for part in parts if part or tag not in ARGUMENTS])


def _write_token(tag: str, text: str) -> str:
    if tag == "mo" and text in SPACED:
        return f" {text} "
    return f" {text} " if tag == "mtext" and text else text


def _combine(tag: str, parts: list[str]) -> str:
    if tag == "msqrt":
        return f"√{_group(''.join(parts))}"
    if len(parts) != ARGUMENTS.get(tag):
        joint = {"mtable": "; ", "mtr": ", "}.get(tag, "")
        row = _SIGN.sub(r"\1", joint.join(parts))
        return f"({row})" if tag == "mfenced" else row
    first, *rest = parts
    if tag == "mfrac":
        return f"{_group(first)}/{_group(rest[0])}"
    if tag == "mroot":
        return f"{_group(first)}^(1/{rest[0].strip()})"
    signs = "^" if tag in ("msup", "mover") else "_^"
    scripts = "".join(f"{sign}{_group(part)}" for sign, part in zip(signs, rest, strict=False) if part.strip())
    base = first.strip()
    if " " in base and base[-1] not in ")]}|":
        first = f"({base})"
    return f"{first}{scripts} " if base in LARGE or (base.isalpha() and len(base) > 1) else first + scripts


def _group(part: str) -> str:
    """Parentheses around more than one sign or number.

    >>> _group("12"), _group("a + 1")
    ('12', '(a + 1)')
    """
    part = part.strip()
    return part if part.isalnum() and (part.isdigit() or len(part) == 1) else f"({part})"
