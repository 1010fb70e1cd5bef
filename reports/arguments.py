"""What every command makes of its arguments: widths however they are typed, a file as `--output`, a PDF engine that is.

Nothing heavy is imported here: help is shown, and wrong usage refused, at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from derive.tables.names import unknown
from reports.files import kind_of
from reports.typed import LONGEST

ENGINES = ("auto", "tex", "typst", "pdflatex", "lualatex", "xelatex", "tectonic", "latexmk")
LAYERS = "--layers"
_WIDTH = re.compile(r"\d{1,12}|b")
_SEPARATORS = re.compile(r"\s*(?:->|[-,;:/x×X*–—→])\s*|\s+")
_LISTED = re.compile(r"\d{1,12}(,(\d{1,12}|b))+")
_ONE = re.compile(r"(?:\d{1,12}|b),?")


# --- widths ---------------------------------------------------------------------------------------------------------


def widths(text: str) -> str:
    """`2x3x1`, `2-3-1`, `2 3 1`, `[2, 3, 1]` as `2,3,1`; whatever is not clearly a list of widths stays as it is."""
    bare = text.strip().removeprefix("[").removeprefix("(").removesuffix("]").removesuffix(")")
    found = _SEPARATORS.split(bare.strip()) if len(bare) < 10_000 else []
    signs = {sign.strip() for sign in _SEPARATORS.findall(bare.strip())}
    clear = len(found) > 1 and len(signs) == 1 and found[0] != "b" and all(map(_WIDTH.fullmatch, found))
    return ",".join(found) if clear else text


def joined(arguments: Sequence[str]) -> list[str]:
    """Arguments with the widths of `--layers 2 3 1` or `--layers 2, 3, 1` in one of them."""
    found = list(arguments)
    end = found.index("--") if "--" in found else len(found)
    for place in (at for at in range(end - 1, -1, -1) if found[at] == LAYERS):
        stop = _run(found, place + 1)
        if stop > place + 2:
            found[place + 1 : stop] = [",".join(one.rstrip(",") for one in found[place + 1 : stop])]
    return found


def _run(arguments: Sequence[str], start: int) -> int:
    """Where the single widths that begin at a place end."""
    stop = start
    while stop < len(arguments) and _ONE.fullmatch(arguments[stop]):
        stop += 1
    return stop


def named(command: click.Command, ctx: click.Context, arguments: Sequence[str]) -> list[str]:
    """Arguments with `--layers` before widths that stand alone, as in `derive 2,3,1` or `derive 2 3 1`."""
    place = _first(command, ctx, arguments)
    if place is None or LAYERS in arguments:
        return list(arguments)
    several = _run(arguments, place) > place + 1
    if not several and not _LISTED.fullmatch(widths(arguments[place])):
        if arguments[place][:1].isdigit():
            raise click.UsageError(f"{arguments[place][:40]!r} is neither a command nor widths such as 2,3,1", ctx)
        return list(arguments)
    return joined([*arguments[:place], LAYERS, *arguments[place:]])


def _first(command: click.Command, ctx: click.Context, arguments: Sequence[str]) -> int | None:
    """The place of the first argument that is neither an option nor the value of one."""
    values = {name for one in command.get_params(ctx) if isinstance(one, click.Option)
              and not (one.is_flag or one.count) for name in one.opts}  # fmt: skip
    waiting = False
    for place, argument in enumerate(arguments):
        if waiting:
            waiting = False
        elif argument == "--":
            return None
        elif argument.startswith("-") and argument != "-":
            waiting = argument in values
        else:
            return place
    return None


# --- what is typed together -----------------------------------------------------------------------------------------


def settle(ctx: click.Context) -> Mapping[str, Any]:
    """The parameters of a command once all are read, put right in place; raises `click.UsageError`."""
    if ctx.params.get("layers"):
        ctx.params["layers"] = widths(ctx.params["layers"])
    if ctx.params.get("pdf_engine") not in (None, *ENGINES):
        raise click.UsageError(_engine(ctx.params["pdf_engine"]), ctx)
    _check_names(ctx)
    if isinstance(ctx.params.get("output"), Path) and "formats" in ctx.params:
        ctx.params["formats"] = _formats(ctx)
    return ctx.params


def _check_names(ctx: click.Context) -> None:
    """Refuses activations and losses that no table has, before anything heavy is imported to make a network of them."""
    typed = ctx.params.get("activations") or ""
    names = [one.partition(":")[0].strip() for one in typed.split(",")] if len(typed) <= LONGEST else []
    wrong = [said for name in names if name and (said := unknown(name, ACTIVATIONS, "activation"))]
    loss = ctx.params.get("loss")
    wrong += [unknown(loss, LOSSES, "loss")] if loss else []
    if any(wrong):
        raise click.UsageError(next(filter(None, wrong)), ctx)


def _engine(name: str) -> str:
    return f"unknown PDF engine {name[:40]!r} (known: {', '.join(ENGINES)}){near(name, ENGINES)}"


def _formats(ctx: click.Context) -> str:
    """The formats: that of the file which `--output` names, or those of `--format`."""
    output, formats = ctx.params["output"], str(ctx.params["formats"])
    kind = kind_of(output)
    if kind is None:
        return formats
    typed = ctx.get_parameter_source("formats") is ParameterSource.COMMANDLINE or "formats" in (ctx.obj or {})
    if typed and {one.strip() for one in formats.split(",")} != {kind}:
        raise click.UsageError(
            f"--output {str(output)!r} names one file, of the format {kind}, and --format asks for {formats[:60]!r}: "
            "leave out --format, or let --output name a folder",
            ctx,
        )
    return kind


def near(word: str, known: Sequence[str]) -> str:
    """`; did you mean 'digits'?` where something known is near, else nothing."""
    found = get_close_matches(word, known, 1)
    return f"; did you mean {found[0]!r}?" if found else ""
