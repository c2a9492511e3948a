"""What the command was told, by options and by a file of settings, which the command line overrules.

The file is TOML. What stands at its top holds for every command that has such an option; what stands in a table called
like a command holds for that command only. Without ``--config`` it is the table ``tool.boilerstrip`` of the nearest
``pyproject.toml``, in the working folder or above it, where there is one.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from boilerstrip.options import COMMAND_NAMES

_PROJECT_FILE: Final = "pyproject.toml"
_NOT_IN_FILES: Final = frozenset({"config", "help", "version"})


def _load(context: click.Context, _: click.Parameter, path: str | None) -> None:
    """Make the file's settings the defaults of the command."""
    found = Path(path) if path is not None else _find_project_file()
    if found is None:
        return
    settings = _parse(found)
    if found.name == _PROJECT_FILE:
        settings = settings.get("tool", {}).get("boilerstrip", {})
    context.default_map = dict(_choose(settings, context, str(found)))


CONFIG_OPTION: Final = click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_load,
    help="TOML file of options by their names; otherwise [tool.boilerstrip] of the nearest pyproject.toml.",
)


def _find_project_file() -> Path | None:
    try:
        folder = Path.cwd()
    except OSError:  # the working folder was removed
        return None
    return next((path for path in (at / _PROJECT_FILE for at in (folder, *folder.parents)) if path.is_file()), None)


def _parse(path: Path) -> dict[str, Any]:
    """
    :raises click.ClickException: when it cannot be read or is no TOML.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(f"cannot read {path}: {error.strerror or error}") from error
    except ValueError as error:
        raise click.UsageError(f"{path} is no TOML: {error}") from error


def _choose(settings: Mapping[str, Any], context: click.Context, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of the command that the settings name, those of its own table last.

    :raises click.UsageError: for a name that no command has, or a value of another type than its option's.
    """
    commands = context.find_root().command.commands  # type: ignore[attr-defined]
    options = {name: _list_options(command) for name, command in commands.items()}
    tables = {name: value for name, value in settings.items() if name in commands and isinstance(value, Mapping)}
    common = {name: value for name, value in settings.items() if name not in tables}
    _check_names(common, {name: option for own in options.values() for name, option in own.items()}, path)
    for name, table in tables.items():
        _check_names(table, options[name], f"{path} [{name}]")
    command = str(context.command.name)
    for name, value in {**common, **tables.get(command, {})}.items():
        option = options[command].get(_as_option(name))
        if option is not None:
            _check_value(name, value, option, path)
            yield str(option.name), value


def _as_option(name: str) -> str:
    return name.replace("_", "-")


def _list_options(command: click.Command) -> dict[str, click.Option]:
    """Options by their long names without dashes in front."""
    return {
        name.removeprefix("--"): option
        for option in command.params
        if isinstance(option, click.Option) and option.name not in _NOT_IN_FILES
        for name in option.opts
        if name.startswith("--")
    }


def _check_names(settings: Mapping[str, Any], options: Mapping[str, click.Option], path: str) -> None:
    for name in settings:
        if _as_option(name) not in options:
            raise click.UsageError(f"{path}: there is no option {name!r}; use one of {', '.join(sorted(options))}")


def _check_value(name: str, value: Any, option: click.Option, path: str) -> None:
    """Refuse a value that would be taken for something else, such as "no" for a flag."""
    if option.is_flag:
        allowed, wanted = isinstance(value, bool), "true or false"
    elif option.multiple:
        allowed, wanted = isinstance(value, list) and all(isinstance(item, str) for item in value), "a list of strings"
    else:
        allowed, wanted = isinstance(value, (str, int, float)) and not isinstance(value, bool), "a string or a number"
    if not allowed:
        raise click.UsageError(f"{path}: {name} is {value!r}, and must be {wanted}")


def read_cleaner_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of :class:`boilerstrip.Cleaner` that the options of a command ask for, but its limits."""
    options = {name: settings[name] for name in COMMAND_NAMES if name in settings}
    languages = tuple(options.pop("languages"))
    options |= {"language": languages[0]} if len(languages) == 1 else {"languages": languages}
    return options
