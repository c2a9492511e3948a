r"""Presentation MathML as LaTeX (MathML 3, chapter 3).

What LaTeX has no simple word for makes no LaTeX: then a formula is what a reader would type.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

from lxml import etree

from boilerstrip.patterns import compile_later

INVISIBLE: Final = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\u200c\u200d"))
SPACED: Final = frozenset("=<>≤≥≠≈≡∼≃≅+−-±×⋅·∈∉⊂⊆→⇒⇔↔∝∧∨∪∩≪≫")
LARGE: Final = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂")
"""Operators that the term behind them is set apart from where they have limits, as functions are from theirs."""
UNREAD: Final = frozenset({"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"})
ARGUMENTS: Final = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
}  # fmt: skip
"""Elements with so many arguments; an element with another number is read like a row."""
DEPTH_LIMIT: Final = 40
"""Elements of MathML inside each other that are told apart; what is deeper is read as it comes."""

_WORDS: Final = (
    "α alpha β beta γ gamma δ delta ϵ epsilon ε varepsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa "
    "λ lambda μ mu µ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau υ upsilon φ varphi ϕ phi "
    "χ chi ψ psi ω omega Γ Gamma Δ Delta ∆ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi "
    "Ω Omega ℏ hbar ℓ ell ℵ aleph ∂ partial ∇ nabla ∞ infty ∅ emptyset ∀ forall ∃ exists ≤ le ≥ ge ≠ ne ≈ approx "
    "≡ equiv ∼ sim ~ sim ≃ simeq ≅ cong ∝ propto ± pm ∓ mp × times ⋅ cdot · cdot ∙ cdot ÷ div ∗ ast ∘ circ "
    "° circ ⊕ oplus ⊗ otimes ∈ in ∉ notin ∋ ni ⊂ subset ⊆ subseteq ⊃ supset ⊇ supseteq ∪ cup ∩ cap ∖ setminus "
    "\\ setminus ∧ wedge ^ wedge ∨ vee ¬ neg → to ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⇐ Leftarrow "
    "⇔ Leftrightarrow ↦ mapsto ↑ uparrow ↓ downarrow ⟶ longrightarrow ⟹ Longrightarrow ≪ ll ≫ gg ≺ prec ≻ succ "
    "⊥ perp ∥ parallel ∣ mid ∠ angle … ldots ⋯ cdots ⋮ vdots ⋱ ddots ∑ sum ∏ prod ∐ coprod ∫ int ∬ iint ∭ iiint "
    "∮ oint ⋃ bigcup ⋂ bigcap ⋀ bigwedge ⋁ bigvee ⨁ bigoplus ⨂ bigotimes ⟨ langle ⟩ rangle 〈 langle 〉 rangle "
    "⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil ‖ Vert √ surd ′ prime † dagger ℝ mathbb{R} ℂ mathbb{C} ℕ mathbb{N} "
    "ℤ mathbb{Z} ℚ mathbb{Q} { { } } % % # # & & $ $ _ _"
)
"""Signs, each with the word that LaTeX has for it."""
_COMMANDS: Final = {
    "−": "-",
    **{sign: f"\\{word}" for sign, word in zip(_WORDS.split()[::2], _WORDS.split()[1::2], strict=True)},
}
"""What LaTeX writes for a sign."""
_FUNCTIONS: Final = (
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim ln log max min Pr sec sin "
    "sinh sup tan tanh"
)
"""Names that are commands."""
_VARIANTS: Final = {
    "normal": "mathrm", "bold": "mathbf", "bold-italic": "boldsymbol", "double-struck": "mathbb", "script": "mathcal",
    "fraktur": "mathfrak", "sans-serif": "mathsf", "monospace": "mathtt",
}  # fmt: skip
_ACCENTS: Final = {
    **dict.fromkeys("¯‾", "overline"), **dict.fromkeys("^ˆ", "hat"), **dict.fromkeys("~˜", "tilde"),
    **dict.fromkeys("→⃗", "vec"), **dict.fromkeys("˙.", "dot"), "¨": "ddot", "ˇ": "check", "⏞": "overbrace",
}  # fmt: skip
_ACCENTS_BELOW: Final = {**dict.fromkeys("_¯‾̲", "underline"), "⏟": "underbrace"}
_TOKENS: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_ROWS: Final = frozenset({"math", "mrow", "mstyle", "mpadded", "merror", "mtd", "semantics"})
_FORMATS: Final = {
    "mfrac": r"\frac{{{}}}{{{}}}", "mroot": r"\sqrt[{1}]{{{0}}}",
    "msub": "{}_{{{}}}", "msup": "{}^{{{}}}", "msubsup": "{}_{{{}}}^{{{}}}",
    "munder": r"\underset{{{1}}}{{{0}}}", "mover": r"\overset{{{1}}}{{{0}}}",
    "munderover": r"\overset{{{2}}}{{\underset{{{1}}}{{{0}}}}}",
}  # fmt: skip
_LIMITS: Final = {"munder": "msub", "mover": "msup", "munderover": "msubsup"}
_ESCAPED: Final = {**{sign: f"\\{sign}" for sign in "{}%#&$_"}, "\\": "\\textbackslash{}"}
"""What ordinary text writes for the signs of LaTeX's own."""
_COMMAND_END: Final = compile_later(r"\\[A-Za-z]+\Z")
_SIGN: Final = compile_later(r"\A\s+([-+]|\\[pm]{2}\s)\s+(?=\S)")
"""A sign in front of a term, which no blank sets apart."""
_CLOSING: Final = (")", "]", "|", "\\}", "\\rangle")


class _UnknownError(ValueError):
    """An element is none that is written as LaTeX."""


def read_name(element: etree._Element) -> str:
    """The name of an element of MathML, without a prefix; that of a comment or the like is empty."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def write_latex(element: etree._Element) -> str:
    r"""A formula in MathML as LaTeX; ``""`` where it holds an element that is unknown here.

    >>> write_latex(etree.fromstring("<math><mfrac><mi>α</mi><msup><mi>x</mi><mn>2</mn></msup></mfrac></math>"))
    '\\frac{\\alpha}{x^{2}}'
    >>> write_latex(etree.fromstring("<math><mlongdiv><mn>2</mn></mlongdiv></math>"))
    ''
    """
    try:
        return " ".join(_write(element, 0).split())
    except _UnknownError:
        return ""


def _write(element: etree._Element, depth: int) -> str:
    name = read_name(element)
    if depth > DEPTH_LIMIT:
        raise _UnknownError
    if name in UNREAD or not name:
        return ""
    if name == "mspace":
        return " "
    if name in _TOKENS:
        text = "".join(map(str, element.itertext())).translate(INVISIBLE)
        return _write_token(name, " ".join(text.split()), element.get("mathvariant") or "")
    children = [child for child in element if read_name(child) not in UNREAD and read_name(child)]
    parts = [_write(child, depth + 1) for child in children]
    if name in ARGUMENTS and len(children) == ARGUMENTS[name]:
        return _combine(element, name, children, parts)
    if name in ("mtable", "mtr"):
        return _write_table(name, parts)
    if name == "msqrt":
        return f"\\sqrt{{{_join(parts).strip()}}}"
    if name == "mfenced":
        signs = (element.get(name, default) for name, default in (("open", "("), ("close", ")")))
        opening, closing = ("".join(_COMMANDS.get(sign, sign) for sign in value.strip()) for value in signs)
        separator = element.get("separators", ",").strip()[:1]
        between = [piece for part in parts for piece in (f"{separator} ", part)][1:]
        return _join([opening, *between, closing])
    if name in _ROWS or name in ARGUMENTS:
        return _join(parts)
    raise _UnknownError


def _write_token(name: str, text: str, variant: str) -> str:
    if not text:
        return ""
    if name in ("mtext", "ms"):
        return f"\\text{{{''.join(_ESCAPED.get(sign, sign) for sign in text)}}}"
    latex = "".join(map(_write_sign, text))
    if text in _FUNCTIONS.split():
        return f"\\{text} "
    if name == "mo":
        return f" {latex} " if text in SPACED or text.isalpha() else latex
    if not variant and name == "mi" and len(text) > 1 and text.isalpha():
        variant = "normal"
    return f"\\{_VARIANTS[variant]}{{{latex}}}" if variant in _VARIANTS else latex


def _write_sign(sign: str) -> str:
    """One character as LaTeX: its command, or what stands for a letter of another font."""
    command = _COMMANDS.get(sign)
    if command is None:
        plain = unicodedata.normalize("NFKC", sign)
        return plain if plain == sign else "".join(map(_write_sign, plain))
    return f"{command} " if _COMMAND_END.search(command) else command


def _combine(element: etree._Element, name: str, children: Sequence[etree._Element], parts: Sequence[str]) -> str:
    """An element with a fixed number of arguments (MathML 3, 3.1.3.2, for their order)."""
    base, *rest = (part.strip() for part in parts)
    if name == "mfrac" and (element.get("linethickness") or "").startswith("0"):
        return f"{{{base} \\atop {rest[0]}}}"
    if name in _LIMITS:
        sign = "".join(map(str, children[1].itertext())).strip()
        accent = (_ACCENTS_BELOW if name == "munder" else _ACCENTS).get(sign) if len(parts) == 2 else None
        if accent:
            return f"\\{accent}{{{base}}}"
        text = "".join(map(str, children[0].itertext())).strip()
        name = _LIMITS[name] if text in LARGE or text in _FUNCTIONS.split() else name
    if name in _LIMITS.values():
        is_group = read_name(children[0]) in ARGUMENTS or (len(children[0]) > 1 and not base.endswith(_CLOSING))
        base = f"{{{base}}}" if is_group or not base else base
    written = _FORMATS[name].format(base, *rest)
    return f"{written} " if base.startswith("\\") and name in _LIMITS.values() else written


def _write_table(name: str, parts: Sequence[str]) -> str:
    if name == "mtr":
        return " & ".join(part.strip() for part in parts)
    rows = r" \\ ".join(parts)
    return rf"\begin{{matrix}} {rows} \end{{matrix}}"


def _join(parts: Sequence[str]) -> str:
    """Pieces of a row; a command ends at a blank, where a letter comes next."""
    joined: list[str] = []
    for part in parts:
        if joined and part[:1].isalpha() and _COMMAND_END.search(joined[-1]):
            joined.append(" ")
        joined.append(part)
    return _SIGN.sub(r"\1", "".join(joined))
