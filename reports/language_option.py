"""The option `--language` of every command that writes a report.  Nothing heavy is imported with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

CODES = ("en", "zh")
NATIVE = "en"
FORMATS = "pdf,html"  # by default in another language than English, which LaTeX does not set
Command = TypeVar("Command", bound=Callable[..., Any])


def language_option(command: Command) -> Command:
    """Adds `--language` to a command; it is read before `--format`, whose default depends on it."""
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
    return code
