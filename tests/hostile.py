"""Inputs that break parsers, built when asked for because most of them are large and none of them is readable."""

import gzip
import io
import zipfile

MEGABYTES = 5_000_000
DEEP = 100_000

SENTENCE = "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it. "


def build_hostile_inputs() -> dict[str, bytes | str]:
    """Name and content of every hostile input, in a fixed order."""
    return {
        **_build_empty_inputs(),
        **_build_binary_inputs(),
        **_build_broken_encodings(),
        **_build_broken_markup(),
        **_build_large_inputs(),
        **_build_deep_inputs(),
    }


def _build_empty_inputs() -> dict[str, bytes | str]:
    return {
        "empty bytes": b"",
        "empty text": "",
        "white space": " \t\r\n\f\v\xa0\u3000\u2028" * 50,
        "byte-order mark alone": b"\xef\xbb\xbf",
        "no story": "<!doctype html><title></title><nav></nav>",
        "only comments": "<!-- one -->" * 1000,
        "only entities": "&nbsp;&amp;&#0;&#xD800;&#x110000;&bogus;&lt;" * 1000,
        "only scripts": "<html><body>" + "<script>document.write('<p>no</p>')</script>" * 1000,
        "only separators": "_____\n\n* * *\n" * 1000,
        "one character": "x",
    }


def _build_binary_inputs() -> dict[str, bytes | str]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("word/document.xml", "<w:p>story</w:p>")
    return {
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstream\n" + bytes(range(256)) * 20,
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + bytes(range(255, -1, -1)) * 20,
        "gzip": gzip.compress(b"<html><body><p>story</p></body></html>" * 20, mtime=0),
        "zip": archive.getvalue(),
        "every byte": bytes(range(256)) * 64,
        "only nul bytes": bytes(10_000),
    }


def _build_broken_encodings() -> dict[str, bytes | str]:
    page = f"<html><body><p>{SENTENCE * 5}Größe, naïve, 物語 — “quoted” 😀</p></body></html>"
    return {
        "nul bytes in the text": page.replace(" ", "\x00 ").encode(),
        "nul character in plain text": SENTENCE.replace("bridge", "bri\x00dge") * 5,
        "lone surrogates": f"<p>{SENTENCE}\ud800 \udfff</p>\n<p>{SENTENCE}</p>",
        "lone surrogates in plain text": f"\udc80{SENTENCE}\n\n{SENTENCE}\ud83d",
        "utf-16 without mark": page.encode("utf-16-le"),
        "utf-16 cut in half": b"\xff\xfe" + page.encode("utf-16-le")[:-1],
        "utf-8 cut in a character": page[: page.index("物") + 1].encode()[:-1],
        "utf-8 declared as utf-16": b"<meta charset=utf-16>" + page.encode(),
        "unknown encoding declared": b"<meta charset=klingon>" + page.encode(),
        "windows-1252 declared as utf-8": b"<meta charset=utf-8>" + f"<p>{SENTENCE}Müller, naïve</p>".encode("cp1252"),
        "continuation bytes": b"<p>" + b"\x80\xbf" * 5000 + b"</p>",
        "escape sequences": b"\x1b$B\x1b(B\x1b$)C\x0e\x0f" * 2000,
        "control characters": "".join(map(chr, range(32))) * 100 + SENTENCE,
        "right to left marks": f"<p>\u202e\u2066\u200f{SENTENCE}\u202c\u2069</p>",
    }


def _build_broken_markup() -> dict[str, bytes | str]:
    return {
        "unclosed tags": "<html><body>" + f"<div><p><b><i>{SENTENCE}<table><tr><td><ul><li>{SENTENCE}" * 200,
        "unclosed comment": f"<p>{SENTENCE}</p><!-- {SENTENCE * 100}",
        "unclosed script": f"<p>{SENTENCE}</p><script>{SENTENCE * 100}",
        "unclosed attribute": f'<p>{SENTENCE}</p><a href="{SENTENCE * 100}',
        "closing tags alone": "</div></p></b></table></html>" * 5000 + SENTENCE,
        "crossed tags": f"<b><p><i>{SENTENCE}</b></i></p>" * 500,
        "two documents": f"<!doctype html><html><body><p>{SENTENCE}</p></body></html>" * 2,
        "frames": "<html><frameset><frame src=a><noframes><p>none</p></noframes></frameset></html>",
        "wrong namespace": f"<svg:p xmlns:svg='x'>{SENTENCE}</svg:p><o:p>{SENTENCE}</o:p><p:>x</p:>",
        "doctype with entities": (
            '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
            "<html><body><p>&c;&c;&c;</p></body></html>"
        ),
    }


def _build_large_inputs() -> dict[str, bytes | str]:
    attributes = " ".join(f"a{number}={number}" for number in range(DEEP))
    return {
        "brackets": "<" * MEGABYTES,
        "closing brackets": ">" * MEGABYTES,
        "ampersands": "<p>" + "&" * 1_000_000,
        "one line": SENTENCE * (MEGABYTES // len(SENTENCE)),
        "one word": "a" * MEGABYTES,
        "one paragraph": f"<p>{SENTENCE * (MEGABYTES // len(SENTENCE))}</p>",
        "short lines": "line\n" * DEEP,
        "short paragraphs": "<p>word</p>" * DEEP,
        "the same line": f"<p>{SENTENCE}</p>\n" * 20_000,
        "line breaks": "word<br>" * DEEP,
        "attributes": f"<p {attributes}>{SENTENCE}</p>",
        "long class": f'<div class="{"sidebar " * DEEP}"><p>{SENTENCE}</p></div>',
        "embedded image": f'<p>{SENTENCE}<img src="data:image/png;base64,{"A" * MEGABYTES}"></p>',
        "table cells": "<table><tr>" + "<td>1</td>" * DEEP + "</tr></table>",
    }


def _build_deep_inputs() -> dict[str, bytes | str]:
    story = f"<p>{SENTENCE}</p>"
    return {
        "nested 300": "<div>" * 300 + story + "</div>" * 300 + story,
        "nested 3,000": "<div>" * 3000 + story + "</div>" * 3000 + story,
        "nested 100,000": "<div>" * DEEP + story + "</div>" * DEEP + story,
        "nested and never closed": "<div>" * DEEP + story,
        "nested inline": "<p>" + "<b>" * DEEP + SENTENCE + "</b>" * DEEP + "</p>" + story,
        "nested links": "<a href=x>" * DEEP + SENTENCE + story,
        "nested lists": "<ul><li>" * 10_000 + SENTENCE + story,
        "nested tables": "<table><tr><td>" * 5_000 + SENTENCE + story,
        "nested quotes in plain text": ">" * DEEP + " " + SENTENCE,
    }
