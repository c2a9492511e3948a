"""Mixed documents as web pages: the same lines as paragraphs, boxes, list items, cells or lines between ``<br>``.

What the words tell is all there is to go by: story and boilerplate stand in one box, bare, in ``<article>``, or below a
menu and above a footer.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from random import Random
from typing import Final, NamedTuple

from benchmarks.mixed import MixedDocument, MixedLine
from benchmarks.parts import is_prose

LINE_TAGS: Final = ("p", "div", "li", "section", "td", "br", "br br")
_TAG_WEIGHTS: Final = (40, 17, 8, 6, 6, 11, 12)
_BOXES: Final = (
    ("", ""),
    ("<div>", "</div>"),
    ("<article>", "</article>"),
    ('<main><div class="wrap">', "</div></main>"),
    ('<div id="content"><div class="entry">', "</div></div>"),
    ('<div class="c17"><div class="x9">', "</div></div>"),
)
_BOX_WEIGHTS: Final = (18, 36, 24, 8, 7, 7)
_SHORT_IN: Final = ("", "", "ul", "ol", "dl", "br")
"""Elements that hold neighbouring short lines of a story, each of which has its own where there is none."""
_BOX_NAMES: Final = ("promo", "notice", "box", "newsletter", "more", "x4", "", "")


class MixedPage(NamedTuple):
    """A mixed document as HTML, and the blocks of the frame above its first line."""

    html: str
    blocks_above: int


def write_page(document: MixedDocument, random: Random, *, tag: str | None = None, box: int | None = None) -> MixedPage:
    """The document as an HTML page; the element of a line and the box around all may be given.

    :param box: a number of one of the six kinds of box; 6 is a page frame with a menu and a footer.
    """
    tag = tag or random.choices(LINE_TAGS, _TAG_WEIGHTS)[0]
    if box is None:
        box = len(_BOXES) if random.random() < 0.2 else random.choices(range(len(_BOXES)), _BOX_WEIGHTS)[0]
    menu, footer = _make_frame(document, random) if box == len(_BOXES) else ([], "")
    opening, closing = _BOXES[box] if box < len(_BOXES) else random.choice(_BOXES[1:])
    body = "".join(_write_lines(document.lines, tag, random))
    declared = random.random()
    language = f' lang="{document.language}"' if declared < 0.45 else ' lang="en"' if declared < 0.5 else ""
    claim = '<meta property="og:type" content="article">' if random.random() < 0.3 else ""
    above = f"<header><nav><ul>{''.join(menu)}</ul></nav></header>" if menu else ""
    html = f"<html{language}><head>{claim}</head><body>{above}{opening}{body}{closing}{footer}</body></html>"
    return MixedPage(html, len(menu))


def _write_lines(lines: Sequence[MixedLine], tag: str, random: Random) -> Iterator[str]:
    """Each line in its element; in some documents, runs of boilerplate in boxes of their own, links around short
    boilerplate, headings as headings, or neighbouring short lines of the story as one list."""
    link_share = random.choice((0.0, 0.0, 0.3, 0.8))
    heading = random.choice(("", "", "h2", "h3", "strong")) if tag not in ("br", "br br", "li", "td") else ""
    has_paragraphs = tag in ("p", "div", "section")
    has_boxes = has_paragraphs and random.random() < 0.25
    short_in = random.choice(_SHORT_IN) if has_paragraphs and any(line.origin == "short" for line in lines) else ""
    rows: list[tuple[bool, bool, str]] = []
    for line in lines:
        text = escape(line.text, quote=False)
        if not line.keep and len(line.text) < 60 and random.random() < link_share:
            text = f'<a href="/{len(rows)}">{text}</a>'
        is_heading = line.origin == "story" and heading and not is_prose(line.text)
        is_listed = line.origin == "short" and short_in != ""
        rows.append((line.keep, is_listed, text if is_listed else _wrap(text, heading if is_heading else tag)))
    opening, closing = {"li": ("<ul>", "</ul>"), "td": ("<table>", "</table>")}.get(tag, ("", ""))
    yield opening
    for (keep, is_listed), run in groupby(rows, key=lambda row: row[:2]):
        texts = [text for _, _, text in run]
        written = _write_list(texts, short_in) if is_listed else "".join(texts)
        if has_boxes and not keep and random.random() < 0.6:
            written = f'<div class="{random.choice(_BOX_NAMES)}">{written}</div>'
        yield written
    yield closing


def _write_list(texts: Sequence[str], tag: str) -> str:
    """Neighbouring lines as the items of a list, as terms and what they mean, or as the lines of one paragraph."""
    if tag == "br":
        return f"<p>{'<br>'.join(texts)}</p>\n"
    names = ("dt", "dd") if tag == "dl" else ("li", "li")
    items = "".join(f"<{names[number % 2]}>{text}</{names[number % 2]}>" for number, text in enumerate(texts))
    return f"<{tag}>{items}</{tag}>\n"


def _wrap(text: str, tag: str) -> str:
    if tag == "td":
        return f"<tr><td>{text}</td></tr>\n"
    if tag == "strong":
        return f"<p><strong>{text}</strong></p>\n"
    if tag == "br":
        return f"{text}<br>\n"
    return f"{text}<br><br>\n" if tag == "br br" else f"<{tag}>{text}</{tag}>\n"


def _make_frame(document: MixedDocument, random: Random) -> tuple[list[str], str]:
    """The entries of a menu, and a footer, of short lines that the document drops anyway."""
    short = [line.text for line in document.lines if not line.keep and len(line.text) < 40 and line.text[0].isalpha()]
    entries = [escape(text, quote=False) for text in dict.fromkeys(short)] or ["Home", "News", "Contact"]
    menu = [f'<li><a href="/{number}">{text}</a></li>' for number, text in enumerate(entries[:8])]
    below = random.sample(entries, min(4, len(entries)))
    links = " ".join(f'<a href="/f{number}">{text}</a>' for number, text in enumerate(below))
    return menu, f"<footer><p>{links}</p></footer>"


def label_blocks(texts: Sequence[str], document: MixedDocument, blocks_above: int) -> list[float] | None:
    """Share of each block that is story; ``None`` where the blocks are not the lines, in order, as with odd characters.

    The first blocks and those after the last line are the frame's.
    """
    wanted = [(" ".join(line.text.split()), line.keep) for line in document.lines]
    labels: list[float] = [0.0] * blocks_above
    place = 0
    for text in texts[blocks_above:]:
        parts = [" ".join(part.split()) for part in text.split("\n")]
        run = wanted[place : place + len(parts)]
        if place == len(wanted):
            labels.append(0.0)
        elif [line for line, _ in run] == parts:
            words = [max(len(line.split()), 1) for line, _ in run]
            labels.append(sum(count for count, (_, keep) in zip(words, run, strict=True) if keep) / sum(words))
            place += len(parts)
        else:
            return None
    return labels if place == len(wanted) else None
