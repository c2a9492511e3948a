"""Filling the report's templates: escaping, the content security policy, and the few shapes both pages share."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
_UNSAFE_IN_SCRIPT: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def _read_asset(name: str) -> str:
    """A file of the report, which the package carries."""
    return resources.files("boilerstrip.report").joinpath("assets", name).read_text(encoding="utf-8")


def fill_template(name: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in one pass, so that a value is never read for placeholders.

    The page's style and script are the only ones that its content security policy allows: each by its hash.
    """
    style = _read_asset("style.css")
    script = _read_asset("page.js") if "data" in values else ""
    filled = {**values, "style": style, "script": script, "policy": _build_policy(style, script)}
    page = _PLACEHOLDER.sub(lambda match: filled[match[1]], _read_asset(name))
    return page.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _build_policy(style: str, script: str) -> str:
    """A content security policy under which nothing is loaded, and nothing runs but these (CSP Level 3, 6.7.3).

    >>> _build_policy("", "")[:39]
    "default-src 'none'; style-src 'sha256-4"
    """
    allowed = f"script-src '{_hash(script)}'; " if script else ""
    return f"default-src 'none'; style-src '{_hash(style)}'; {allowed}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def write_data(value: Any) -> str:
    """JSON that can stand in a ``script`` element, whatever text is in it.

    >>> write_data("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_SCRIPT)


def write_figures(figures: Mapping[str, str]) -> str:
    """Names and values, the values as HTML."""
    items = figures.items()
    return "\n".join(f'<div class="figure"><dt>{escape(name)}</dt><dd>{value}</dd></div>' for name, value in items)


def write_bar(share: float, css_class: str, track: bool = False) -> str:
    """A bar of a share, 0 to 1, of its box.

    >>> write_bar(0.5, "k")
    '<svg class="bar" aria-hidden="true"><rect class="k" width="50%" height="100%" rx="2"/></svg>'
    """
    ground = '<rect class="track" width="100%" height="100%" rx="2"/>' if track else ""
    width = round(100 * min(max(share, 0.0), 1.0), 1)
    bar = f'<rect class="{css_class}" width="{width:g}%" height="100%" rx="2"/>'
    return f'<svg class="bar" aria-hidden="true">{ground}{bar}</svg>'


def is_web_address(url: str) -> bool:
    """Whether a browser may follow an address.

    >>> is_web_address("https://example.org"), is_web_address("javascript:alert(1)"), is_web_address("https://[")
    (True, False, False)
    """
    try:
        return urlsplit(url).scheme.lower() in ("http", "https")
    except ValueError:
        return False


def name_code(code: str) -> str:
    """A reason's or a role's stable name as words.

    >>> name_code("link_density")
    'Link density'
    """
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def format_share(share: float) -> str:
    """A share in per cent, with a space that does not break.

    >>> format_share(0.914)
    '91\\xa0%'
    """
    return f"{share:.0%}".replace("%", "\xa0%")


def write_credit() -> str:
    """What made the page."""
    from boilerstrip import __version__

    return f"Made by boilerstrip {escape(__version__)}. This file loads nothing and sends nothing."
