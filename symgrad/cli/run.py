"""Run a command: find it, import it, and turn what went wrong into a message and an exit code."""

from __future__ import annotations

import os
import re
from importlib import import_module

import click

import symgrad
from symgrad.cli.commands import COMMANDS, help_text
from symgrad.cli.output import prepare_streams
from symgrad.cli.pipe import complain, unwritten
from symgrad.errors import SymgradError, UnknownName
from symgrad.export.formats import FORMATS


class Commands(click.Group):
    """The commands of the table, each imported when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command; an unknown one is an error that tells the nearest."""
        if name not in COMMANDS:
            raise UnknownName("command", name, COMMANDS)
        command: click.Command = import_module(f"symgrad.cli.{name}").command
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help from the table, so that no command is imported for it."""
        formatter.write(help_text())


commands = Commands("symgrad", context_settings={"help_option_names": ["--help", "-h"]})
click.version_option(symgrad.__version__, prog_name="symgrad", message="%(prog)s %(version)s")(commands)

USAGE, INTERNAL = 2, 3


def run(arguments: list[str]) -> int:
    """Run a command line and return the exit code."""
    prepare_streams()
    try:
        code: int | None = commands.main(arguments, prog_name="symgrad", standalone_mode=False)
        return code or 0
    except SymgradError as error:
        return _fail(str(error), USAGE)
    except click.ClickException as error:
        return _fail(_usage(error), USAGE)
    except click.Abort as stop:
        if isinstance(stop.__context__, KeyboardInterrupt):  # not every click names it as the cause
            raise stop.__context__ from None
        raise KeyboardInterrupt from None
    except OSError as error:
        return unwritten(error)
    except Exception as error:
        if "SYMGRAD_TRACEBACK" in os.environ:
            raise
        told = f"a bug in symgrad: {type(error).__name__}: {error}"
        return _fail(f"{told}\n  what to do: report it, with what SYMGRAD_TRACEBACK=1 shows", INTERNAL)


def _usage(error: click.ClickException) -> str:
    context, option = getattr(error, "ctx", None), getattr(error, "param", None)
    told = re.match(r"'(.*)' is not one of ", error.message)
    if option is not None and isinstance(option.type, click.Choice) and told:
        name, known = option.opts[0], option.type.choices
        meant = next((f"write {name} {x}." for x in known if x in FORMATS and FORMATS[x].suffix == told[1].lower()), "")
        return str(UnknownName(f"value of {name}", told[1], known, hint=meant))  # tex, where latex is meant
    hint = f"\n  what to do: see {context.command_path} --help" if context else ""
    return error.format_message() + hint


def _fail(message: str, code: int) -> int:
    complain(message)
    return code
