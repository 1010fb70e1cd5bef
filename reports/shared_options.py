"""Options that several commands have: which network, which definitions, where the report goes.  Nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from reports.files import KINDS

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]

OF_NETWORKS = ("layers", "activations", "loss", "bias", "no_bias")
OF_DEFINITIONS = ("given", "wrt", "shapes", "assume")

_NETWORK: tuple[Option[Any], ...] = (
    click.option("--layers", metavar="N,N,…", help="Widths, input first; b is a layer with only a bias."),
    click.option("--activations", default="sigmoid", show_default=True, metavar="NAME[,NAME…]",
                 help="One for all weight layers, or one for each; constants as in leaky-relu:alpha=0.1."),
    click.option("--loss", default="half-squared-error", show_default=True, metavar="NAME", help="The loss."),
    click.option("--bias", default="separate", show_default=True, metavar="KIND[,KIND…]",
                 help="separate, appended (a 1 appended to the input) or none; one, or one for each layer."),
    click.option("--no-bias", is_flag=True, help="The same as --bias none."),
)  # fmt: skip
_DEFINITIONS: tuple[Option[Any], ...] = (
    click.option("--given", "-g", multiple=True, metavar="FILE|LATEX",
                 help="Definitions in place of a network: a file with one a line, or one; repeatable."),
    click.option("--wrt", metavar="W,b",
                 help="With --given: what to differentiate by.  [default: all that is given]"),
    click.option("--shape", "shapes", multiple=True, metavar="W=m,n",
                 help="With --given: the sizes of an array; repeatable."),
    click.option("--assume", multiple=True, metavar="LATEX", help=r"With --given: a fact, such as '\sum_i t_i = 1'."),
)  # fmt: skip
_SHOWN: tuple[Option[Any], ...] = (
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text."),
    click.option("--quiet", is_flag=True, help="Print nothing but errors: the exit code says it."),
)


def _adds(options: tuple[Option[Any], ...]) -> Option[Any]:
    def add(command: Any) -> Any:
        for one in reversed(options):
            command = one(command)
        return command

    return add


self_check_option: Option[Any] = click.option(
    "--self-check", is_flag=True, help="Read every formula and number of the report back, and check it."
)
network_options = _adds(_NETWORK)
definition_options = _adds(_DEFINITIONS)
shown_options = _adds(_SHOWN)


def output_options(formats: str = "pdf,tex", others: str = "") -> Option[Any]:
    """Where the report goes and as what; `formats` are the usual ones, `others` says what else may be asked for."""
    return _adds((
        click.option("--output", default=".", type=click.Path(path_type=Path), metavar="PATH",
                     help="A folder for the files, or one file such as notes.pdf, whose ending says the format.",
                     show_default="this folder"),
        click.option("--format", "formats", default=formats, show_default=True, metavar="LIST",
                     help=f"Of {', '.join(KINDS)}{others}."),
        click.option("--pdf-engine", default="auto", show_default=True, metavar="NAME",
                     help="auto, tex (whichever works), typst, or the name of a TeX program."),
    ))  # fmt: skip
