"""The option `--language` of every command that writes a report.  Nothing heavy is imported with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

CODES = ("en", "zh")
NATIVE = "en"
FORMATS = "pdf,html"  # by default in another language than English, which LaTeX does not set
Command = TypeVar("Command", bound=Callable[..., Any])


def language_option(command: Command) -> Command:
    """Adds `--language` to a command, which then runs in that language.

    It is read before `--format`, whose default depends on it.
    """
    option = click.option(
        "--language",
        type=click.Choice(CODES),
        default=NATIVE,
        show_default=True,
        is_eager=True,
        callback=_chosen,
        help="What reports are written in: English, or Chinese (zh; by default as pdf,html).",
    )
    return option(command)


def _chosen(ctx: click.Context, parameter: click.Parameter, code: str) -> str:
    if code != NATIVE:
        ctx.default_map = {"formats": FORMATS, **(ctx.default_map or {})}
        _speak(ctx, code)
    return code


def _speak(ctx: click.Context, code: str) -> None:
    """What the command prints is in the language too, unless standard output has no such letters."""
    from derive.network import SpecError  # both here, so that --help starts without SymPy and without reports
    from reports.wording.language import language, speaking

    try:
        language(code).name.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return
    except SpecError as error:  # a line of its table is wrong: the error says which
        raise click.UsageError(str(error)) from None
    ctx.with_resource(speaking(code))
