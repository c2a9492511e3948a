"""Where one answer of decoding turns into the other: how much damage is borne, and how little is enough."""

import pytest

from boilerstrip.decode import (
    _take_sample,
    decode,
    find_declared,
    guess_by_pattern,
    guess_utf16,
    is_binary,
    mend_surrogates,
)
from boilerstrip.encodings import decode_as, decode_nearly, decode_utf8_nearly, is_decodable, mend_euro
from tests.samples import PROSE


@pytest.mark.parametrize(
    ("whole", "broken", "length", "declared", "is_read"),
    [
        (2, 1, 0, False, True),
        (1, 1, 0, False, False),
        (4, 2, 0, False, True),
        (3, 2, 0, False, False),
        (30, 3, 0, False, True),
        (29, 3, 0, False, False),
        (0, 1, 1000, True, True),
        (0, 1, 999, True, False),
        (0, 2, 2000, True, True),
        (0, 2, 1999, True, False),
        (0, 1, 1000, False, False),
        (0, 3, 9000, True, False),
        (30, 3, 0, True, True),
    ],
)
def test_how_many_broken_bytes_are_damage_in_utf8(
    whole: int, broken: int, length: int, declared: bool, is_read: bool
) -> None:
    source = b"\xff." * broken + "é".encode() * whole
    source += b"." * (length - len(source))
    text = decode_utf8_nearly(source, declared)
    assert text == (source.decode("utf-8", "replace") if is_read else None)


def test_replacement_characters_of_the_page_itself_are_no_damage() -> None:
    source = ("\ufffd" * 30 + "é").encode() + b"\xff."
    assert decode_utf8_nearly(source, declared=False) == "\ufffd" * 30 + "é\ufffd."
    assert decode_utf8_nearly("\ufffd".encode() + b"\xff.\xff.\xff.", declared=False) is None


@pytest.mark.parametrize(
    ("end", "declared", "before", "is_read"),
    [
        (b"\xc3", False, "caf", True),
        (b"\xdf", False, "caf", True),
        (b"\xe0", False, "caf", False),
        (b"\xe9", False, "caf", False),
        (b"\xe9", True, "caf", True),
        (b"\xe9", False, "café ", True),
        (b"\xe2\x80", False, "well ", True),
        (b"\xf0\x9f\x98", False, "smile ", True),
    ],
)
def test_an_end_that_is_half_a_character(end: bytes, declared: bool, before: str, is_read: bool) -> None:
    assert decode_utf8_nearly(before.encode() + end, declared) == (f"{before}\ufffd" if is_read else None)


@pytest.mark.parametrize(("whole", "is_read"), [(50, True), (49, False)])
def test_one_broken_letter_in_fifty_is_borne_in_a_legacy_encoding(whole: int, is_read: bool) -> None:
    source = ("α" * whole + "abc").encode("iso8859-7") + b"\xae"
    assert decode_nearly("iso-8859-7", source) == ("α" * whole + "abc\ufffd" if is_read else None)
    assert decode_nearly("iso-8859-7", source[:-1]) == "α" * whole + "abc"
    assert is_decodable("iso-8859-7", source[:-1]) and not is_decodable("iso-8859-7", source)


def test_a_mark_inside_the_text_of_an_encoding_that_needs_none_goes() -> None:
    assert decode_nearly("gb18030", "\ufeff中文".encode("gb18030")) == "中文"
    assert decode_nearly("utf-16le", "\ufeff中文".encode("utf-16-le")) == "中文"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"\x1b$B@/I\\\x1b(B ok", "政府 ok"),
        (b"\x1b$@@/I\\\x1b(J ok", "政府 ok"),
        (b"\x1b(I12\x1b(B ok", "ｱｲ ok"),
        (b"no escape", "no escape"),
    ],
)
def test_every_set_of_iso_2022_jp(source: bytes, text: str) -> None:
    assert decode_as("iso-2022-jp", source, "strict") == text


def test_the_euro_sign_is_mended_where_a_character_begins() -> None:
    assert mend_euro(b"abc") == b"abc"
    assert mend_euro(b"\x80\x80").decode("gb18030") == "€€"
    assert mend_euro("中".encode("gb18030") + b"\x80" + "\U0001f600".encode("gb18030")).decode("gb18030") == "中€😀"
    assert mend_euro(b"\xd6\x80") == b"\xd6\x80"


def test_bytes_that_a_single_byte_encoding_lacks_are_controls_below_a0_and_damage_above() -> None:
    assert decode_as("windows-1252", b"\x81\x9d\x80", "strict") == "\x81\x9d€"
    assert decode_as("windows-1253", b"\xaa", "replace") == "\ufffd"
    with pytest.raises(UnicodeDecodeError):
        decode_as("windows-1253", b"\xaa", "strict")


@pytest.mark.parametrize(("count", "name"), [(8, "utf-8"), (7, "koi8-r")])
def test_eight_letters_of_utf8_outweigh_a_legacy_declaration(count: int, name: str) -> None:
    decoded = decode(b"<meta charset=koi8-r>" + "é".encode() * count)
    assert (decoded.encoding, decoded.text.endswith("é" * count)) == (name, name == "utf-8")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b"<meta charset=koi8-r>".rjust(1024), "koi8-r"),
        (b"<meta charset=koi8-r>".rjust(1024 + 1 + len("koi8-r>")), None),
        (b"<!-- <meta charset=koi8-r> --><meta charset=big5>", "big5"),
        (b"<!-- <meta charset=koi8-r>", None),
        (b"<meta charset=klingon><meta charset=big5>", "big5"),
        (b"<meta charset=big5><meta charset=koi8-r>", "big5"),
        (b"<?xml version='1.0' encoding='koi8-r'?><meta charset=big5>", "big5"),
        (b"<?xml version='1.0' encoding='koi8-r'?><meta name=x>", "koi8-r"),
        (b"x<?xml version='1.0' encoding='koi8-r'?>", None),
        (b"<meta charset=utf-16be>", "utf-8"),
        (b"<meta charset=utf-16le>", "utf-8"),
        (b"<META CHARSET='koi8-r'>", "koi8-r"),
        (b'<meta/charset="koi8-r">', "koi8-r"),
        (b"<meta name=charset content='text/html; charset=koi8-r'>", None),
        (b"<meta http-equiv=' Content-Type ' content='text/html; CHARSET = \"koi8-r\"'>", "koi8-r"),
        (b"<meta http-equiv=refresh content='text/html; charset=koi8-r'>", None),
        (b"<meta http-equiv=content-type content='text/html'>", None),
        (b"<meta http-equiv=content-type>", None),
        (b"<meta charset='' http-equiv=content-type content='text/html; charset=koi8-r'>", None),
    ],
)
def test_what_counts_as_a_declaration(source: bytes, name: str | None) -> None:
    assert find_declared(source) == name


def test_bytes_are_binary_from_a_fortieth_of_control_characters_on() -> None:
    assert not is_binary(b"\x01" * 204 + b"a" * (8192 - 204))
    assert is_binary(b"\x01" * 205 + b"a" * (8192 - 205))
    assert not is_binary(b"a" * 8192 + b"\x01" * 8192)
    assert is_binary(b"\x7f" * 5 + b"a" * 100)
    assert not is_binary(b"\t\n\v\f\r\x0e\x0f\x1b" * 100)


def test_bytes_are_binary_from_a_quarter_of_nul_characters_on() -> None:
    assert not is_binary(b"abc\x00" * 500)
    assert is_binary(b"abc\x00" * 500 + b"\x00")
    assert not is_binary(b"\xef\xbb\xbf" + bytes(100))


@pytest.mark.parametrize(
    ("at", "magic"), [(4, b"ftyp"), (8, b"WEBPVP8"), (8, b"WAVEfmt"), (8, b"AVI LIST"), (257, b"ustar")]
)
def test_the_names_of_formats_count_in_their_place_alone(at: int, magic: bytes) -> None:
    assert is_binary(b"x" * at + magic + b" text")
    assert not is_binary(b"x" * (at + 1) + magic + b" text")


def test_surrogates_are_joined_or_replaced() -> None:
    assert mend_surrogates("plain é 政 😀") == "plain é 政 😀"
    assert mend_surrogates("\ud83d\ude00") == "😀"
    assert mend_surrogates("a\udc00b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b"~{VPND~}", None),
        (b"~{VPND~} and ~{VPND~}", "hz-gb-2312"),
        (b"~{VPNDVPND~}", "hz-gb-2312"),
        (b"~{XXYYZZaa~}", None),
        (b"~{VPND VPND~}", None),
        (b"\x1b$)C\x0e1b1b\x0f", "iso-2022-kr"),
        (b"\x1b$)C 1b1b", None),
        (b"\x0e1b1b\x0f \x1b$x", None),
        (b"\x1b$B@/I\\\x1b(B", "iso-2022-jp"),
        (b"\x1b$A@/I\\", None),
        (b"plain", None),
        (b"", None),
    ],
)
def test_encodings_of_seven_bits_give_themselves_away(source: bytes, name: str | None) -> None:
    assert guess_by_pattern(source) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [("abc", (None, None)), ("abcd", ("utf-16le", "utf-16be")), ("<p>Größe</p>", ("utf-16le", "utf-16be"))],
)
def test_utf16_of_latin_letters_is_seen_from_four_letters_on(text: str, names: tuple[str | None, ...]) -> None:
    assert (guess_utf16(text.encode("utf-16-le")), guess_utf16(text.encode("utf-16-be"))) == names


def test_the_sample_is_the_text_that_is_not_ascii() -> None:
    plain, legacy = b"<p>plain text</p>\n", b"<p>caf\xe9 \xe8\xe0\xfc</p>\n"
    assert _take_sample(plain + legacy) == b"caf\xe9 \xe8\xe0\xfc"
    assert _take_sample(legacy * 2) == b"caf\xe9 \xe8\xe0\xfc\ncaf\xe9 \xe8\xe0\xfc"


def test_the_sample_of_a_page_with_few_letters_has_its_beginning_too() -> None:
    page = b"<p>plain text</p>\n<p>caf\xe9</p>\n" + b"x" * 5000
    assert _take_sample(page) == b"caf\xe9\n" + page[:2048]


def test_the_sample_is_no_longer_than_the_detector_can_use() -> None:
    run = b"a" * 1000 + b"\xe9\xe8\xe0\xfc" + b"b" * 1000
    assert _take_sample(run) == b"a" * 256 + b"\xe9\xe8\xe0\xfc" + b"b" * 1000
    assert len(_take_sample(b"\xe9" * 100_000)) == 65_536
    assert len(_take_sample((b"\xe9" * 999 + b"\n") * 100)) == 65_536


@pytest.mark.parametrize(("common", "name"), [(10, "hz-gb-2312"), (9, "hz-gb-2312"), (8, None)])
def test_nine_in_ten_characters_of_hz_are_common(common: int, name: str | None) -> None:
    assert guess_by_pattern(b"~{" + b"VP" * common + b"aa" * (10 - common) + b"~}") == name


@pytest.mark.parametrize(
    ("kana", "rest", "is_seen"), [(20, "日", True), (19, "日", False), (20, "\ue0e5", False), (0, "日", False)]
)
def test_utf16_without_ascii_is_japanese_from_a_fifth_of_kana_on(kana: int, rest: str, is_seen: bool) -> None:
    text = "、" + "は" * kana + rest * (99 - kana)
    assert guess_utf16(text.encode("utf-16-le")) == ("utf-16le" if is_seen else None)
    assert guess_utf16(text.encode("utf-16-be")) == ("utf-16be" if is_seen else None)


def test_bytes_of_kana_on_both_sides_are_no_utf16() -> None:
    assert guess_utf16(b"\x30\x01" + b"\x30\xe5" * 60 + b"\xe5\x30" * 39) is None


@pytest.mark.parametrize(("strange", "is_seen"), [(2, True), (3, False)])
def test_utf16_has_one_sign_of_no_living_script_in_fifty(strange: int, is_seen: bool) -> None:
    text = "는은" * ((100 - strange - 2) // 2) + "\u1200" * strange + "  "
    assert guess_utf16((text + "는" * (100 - len(text))).encode("utf-16-le")) == ("utf-16le" if is_seen else None)


def test_a_mark_in_front_of_a_text_whose_encoding_was_found_goes() -> None:
    chinese = "市长星期六为新桥举行了通车仪式，所有能走路的人都来亲眼看一看这座桥。"
    decoded = decode(("\ufeff" + chinese).encode("gb18030"))
    assert (decoded.text, decoded.source) == (chinese, "detected")
    assert decode((chinese + "\ufeff").encode("gb18030")).text == chinese + "\ufeff"


def test_what_a_found_encoding_cannot_read_is_replaced() -> None:
    korean = "시장은 토요일에 새 다리를 열었고, 걸을 수 있는 사람은 모두 그것을 보러 왔다.\n" * 1000
    decoded = decode(korean.encode("euc_kr") + b"\xff.")
    assert decoded == (korean + "\ufffd.", "euc-kr", "detected")


def test_a_declared_utf8_bears_damage_in_ascii_and_an_undeclared_one_does_not() -> None:
    source = b"." * 1000 + b"\xff"
    assert decode_nearly("utf-8", source) == "." * 1000 + "\ufffd"
    assert decode_nearly("utf-8", b"\xff") is None


@pytest.mark.parametrize(
    ("language", "codec", "name"),
    [
        ("zh", "gb18030", "gb18030"),
        ("ja", "cp932", "shift_jis"),
        ("ko", "cp949", "euc-kr"),
        ("th", "cp874", "windows-874"),
        ("el", "cp1253", "windows-1253"),
        ("he", "cp1255", "windows-1255"),
    ],
)
@pytest.mark.parametrize("damage", [b"\xff", b"\x00", b"\x81"])
def test_a_broken_byte_costs_a_letter_and_not_the_page(language: str, codec: str, name: str, damage: bytes) -> None:
    line = f"{PROSE[language]}\n"
    source = (line * 8).encode(codec)
    whole, decoded = decode(source), decode(source[:101] + damage + source[101:])
    assert (whole.encoding, decoded.encoding) == (name, name)
    assert decoded.text.endswith(line * 5)
