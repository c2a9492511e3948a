"""Fingerprints, sites and pages: what a memory takes for the same."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerstrip.memory import fingerprint, fingerprint_blocks, locate, page_identity, site_of
from boilerstrip.page import Head, Page
from tests.memories import run_python

# Fingerprints


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Read 5 comments", "Read 17 comments"),
        ("Read 5 comments", "read 1,017 Comments"),
        ("12:30 · 3.5", "7 · 1.000,50"),
        ("a\tb\x1c c\u00a0\u2003d\n", " A B C D"),
        ("Ｆｕｌｌ ﬁle №５", "full file no0"),
        ("STRASSE", "straße"),
        ("e\u0301te\u0301", "ÉTÉ"),
        ("صفحة ٤٢", "صفحة 7"),
        ("one\0two", "one two"),
        ("", " \n\t "),
    ],
)
def test_spelling_that_does_not_matter(left: str, right: str) -> None:
    assert fingerprint(left) == fingerprint(right)


@pytest.mark.parametrize(
    ("left", "right"), [("Home", "Hone"), ("re sign", "resign"), ("été", "ete"), ("Read 5", "Read")]
)
def test_spelling_that_matters(left: str, right: str) -> None:
    assert fingerprint(left) != fingerprint(right)


def test_fingerprints_never_change_between_versions() -> None:
    assert fingerprint_blocks(["Subscribe now!", "Über 1.000 Leser", ""]).tolist() == [
        1536813833764451057,
        -1891904867209430556,
        -5426141060434712860,
    ]


def normalise_slowly(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.replace("\0", " ")).casefold())
    digits = re.sub(r"\d", "0", folded)
    return " ".join(re.sub(r"0+(?:[.,:]0+)*", "0", digits).split())


@given(st.lists(st.text(st.characters(exclude_categories=())) | st.text("aA 1.,:\0\t\x1c\x85é٣"), max_size=6))
def test_blocks_have_the_fingerprints_of_their_normal_forms_whatever_stands_beside_them(texts: list[str]) -> None:
    assert fingerprint_blocks(texts).tolist() == [fingerprint(normalise_slowly(text)) for text in texts]
    assert fingerprint_blocks(texts).tolist() == [fingerprint(text) for text in texts]


@given(
    st.text("aB 0\u00e9\u0345\u1e9e\ufb01\uff11", max_size=8), st.text("aB 0\u00e9\u0345\u1e9e\ufb01\uff11", max_size=8)
)
def test_only_equal_normal_forms_share_a_fingerprint(left: str, right: str) -> None:
    assert (fingerprint(left) == fingerprint(right)) == (normalise_slowly(left) == normalise_slowly(right))


# Sites and pages


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("HTTP://WWW.Example.COM.:8080/a", "example.com"),
        ("https://user:secret@news.example.com/", "example.com"),
        ("//cdn.example.com/a", "example.com"),
        ("https://someone.github.io/a", "someone.github.io"),
        ("https://github.io/", "github.io"),
        ("http://co.uk/", "co.uk"),
        ("http://bücher.de/a", "xn--bcher-kva.de"),
        ("http://www.xn--bcher-kva.de/a", "xn--bcher-kva.de"),
        ("http://食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("http://10.0.0.1:80/", "10.0.0.1"),
        ("http://[::1]:8080/", "::1"),
        ("http://localhost/a", "localhost"),
        ("http://shop.intranet.corp/", "intranet.corp"),
        ("/relative/link", None),
        ("story.html", None),
        ("file:///home/story.html", None),
        ("http://[broken/", None),
        ("http://example.com:port/", None),
        ("http://..../", None),
        ("", None),
        (None, None),
    ],
)
def test_site_of_an_address(url: str | None, site: str | None) -> None:
    assert site_of(url) == site


def test_site_comes_from_the_address_then_the_canonical_link_then_the_folder() -> None:
    assert site_of("https://a.example.org", canonical="https://b.example.net", folder="crawl") == "example.org"
    assert site_of(None, canonical="https://b.example.net", folder="crawl") == "example.net"
    assert site_of(None, canonical="/relative", folder="pages/crawl") == "crawl"


@given(st.text() | st.text("http:/.[]@?#a1ü%").map("http://".__add__))
def test_no_address_is_too_strange(url: str) -> None:
    assert site_of(url) is None or page_identity(url) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("http://Example.com", "https://example.com/#top"),
        ("https://example.com:443/a?id=7&utm_source=x&gclid=1", "http://example.com/a?id=7"),
        ("http://bücher.de/a", "http://xn--bcher-kva.de/a"),
    ],
)
def test_two_addresses_of_one_page(left: str, right: str) -> None:
    assert page_identity(left) == page_identity(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("http://example.com/a", "http://example.com/A"),
        ("http://example.com/a?page=1", "http://example.com/a?page=2"),
        ("http://example.com:8080/", "http://example.com/"),
        ("http://a.example.com/", "http://b.example.com/"),
    ],
)
def test_addresses_of_two_pages(left: str, right: str) -> None:
    assert page_identity(left) != page_identity(right)


def test_a_page_without_address_is_its_content() -> None:
    one, same, other = (Page("text", texts=texts) for texts in (["Home", "Rain"], ["HOME", "Rain"], ["Rain", "Home"]))
    assert locate(one, site="s") == locate(same, site="s") != locate(other, site="s")
    assert locate(one, site="s", page_id="7") == ("s", "7")
    assert locate(Page("html", head=Head(url="https://www.example.com/a")), folder="crawl") == (
        "example.com",
        "//www.example.com/a",
    )


def test_importing_the_memory_reads_no_suffix_list() -> None:
    code = "import sys, boilerstrip.memory; print('publicsuffixlist' in sys.modules)"
    with run_python(code) as process:
        assert process.communicate()[0] == "False\n"
