"""The tables of ``docs/options.md``, made of the code they are about (``python -m tests.tables`` renews them)."""

import ast
import inspect
import re
from dataclasses import MISSING, fields

import click

from boilerstrip import options
from boilerstrip.cli import commands
from boilerstrip.options import Options
from tests.snippets import ROOT

OPTIONS_PAGE = "options.md"


def write_tables(text: str) -> str:
    """Return a page with its tables as the code is now; each stands between two comments that name it."""
    return re.sub(
        r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)",
        lambda match: f"{match[1]}\n{_TABLES[match[2]]()}\n{match[3]}",
        text,
        flags=re.DOTALL,
    )


def _list_options() -> str:
    """Options of a cleaner: name, default, and what its docstring says: meaning, and in brackets its source."""
    defaults = {field.name: field.default for field in fields(Options) if field.default is not MISSING}
    rows = [f"| `{name}` | `{defaults.get(name)!r}` | {told} |" for name, told in _read_docstrings().items()]
    return _join("| option | default | meaning, and where the default is from |", rows)


def _read_docstrings() -> dict[str, str]:
    [shape] = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(options)))
        if isinstance(node, ast.ClassDef) and node.name == "Options"
    ]
    return {
        ast.unparse(first.target): " ".join(str(second.value.value).split()).replace("``", "`")
        for first, second in zip(shape.body, shape.body[1:], strict=False)
        if isinstance(first, ast.AnnAssign) and isinstance(second, ast.Expr) and isinstance(second.value, ast.Constant)
    }


def _list_command(name: str) -> str:
    rows = [
        f"| {', '.join(f'`{word}`' for word in option.opts)} | {_show_default(option)} | {_escape(option.help or '')} |"
        for option in commands.commands[name].params
        if isinstance(option, click.Option)
    ]
    return _join("| option | default | |", rows)


def _show_default(option: click.Option) -> str:
    """What stands for the option where it is not given."""
    if option.is_flag or option.multiple or option.default is None or "UNSET" in repr(option.default).upper():
        return ""
    return f"`{option.default:g}`" if isinstance(option.default, float) else f"`{option.default}`"


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _join(head: str, rows: list[str]) -> str:
    return "\n".join([head, re.sub(r"[^|]+", " --- ", head), *rows, ""])


_TABLES = {
    "options": _list_options,
    "clean": lambda: _list_command("clean"),
    "explain": lambda: _list_command("explain"),
    "learn": lambda: _list_command("learn"),
}


def main() -> None:
    """Renew the tables."""
    page = ROOT / "docs" / OPTIONS_PAGE
    page.write_text(write_tables(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
