"""Lines for the person at the terminal, which no text of a page can make do anything."""

import click

COMMAND = "boilerstrip"


def say(line: str) -> None:
    """Print a line on standard error."""
    click.echo(f"{COMMAND}: {show_controls(line)}", err=True)


def one_line(text: str) -> str:
    """Return ``text`` safe to show on one line: what cannot be printed is a blank, and runs of blanks are one.

    >>> one_line("two\\n lines \\x1b[31m")
    'two lines [31m'
    """
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def show_controls(text: str) -> str:
    """Return ``text`` with control characters, which a terminal would obey, as pictures; line breaks and tabs stay.

    >>> show_controls("a\\x1b]0;owned\\x07b\\x9b\\n")
    'a␛]0;owned␇b\\ufffd\\n'
    """
    return text.translate(_PICTURES)


_PICTURES = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}
"""Control Pictures (Unicode block U+2400) for C0; C1 and the marks that turn the direction of a line have none."""
