"""The `derive hessian` command: its options.  Nothing heavy is imported before they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reports.language_option import language_option
from reports.subcommand import Subcommand

NOTATIONS = ("nielsen", "ng", "goodfellow", "bishop", "augmented")


@click.command("hessian", cls=Subcommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--layers", metavar="N,N,…", help="Widths, input first; b is a layer with only a bias.")
@click.option("--given", "-g", multiple=True, metavar="FILE|LATEX", help="Definitions in place of a network.")
@click.option("--wrt", metavar="W,b", help="With --given: what moves.  [default: all that is given]")
@click.option("--shape", "shapes", multiple=True, metavar="W=m,n", help="With --given: the sizes of an array.")
@click.option("--assume", multiple=True, metavar="LATEX", help="With --given: a fact.")
@click.option("--activations", default="sigmoid", show_default=True, metavar="NAME[,NAME…]", help="As of derive.")
@click.option("--loss", default="half-squared-error", show_default=True, metavar="NAME", help="The loss.")
@click.option("--bias", default="separate", show_default=True, metavar="KIND[,KIND…]", help="As of derive.")
@click.option("--no-bias", is_flag=True, help="The same as --bias none.")
@click.option(
    "--notation", default="nielsen", show_default=True, type=click.Choice(NOTATIONS), help="How it is written."
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Seed of the numerical example.")
@click.option("--output", default=".", type=click.Path(path_type=Path), metavar="DIR", help="Where the files go.")
@click.option("--format", "formats", default="pdf,tex", show_default=True, metavar="LIST", help="As of derive.")
@click.option("--pdf-engine", default="auto", show_default=True, metavar="NAME", help="As of derive.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def hessian(layers: str | None, given: tuple[str, ...], **options: Any) -> int:
    """Derive Hessian–vector products (∇²E) V of a network or of definitions, step by step, prove and check them.

    Exit code 0 if every check passed, 1 if one failed, 2 for wrong input.
    """
    if (layers is None) == (not given):
        raise click.UsageError("--layers describes a network, and --given definitions: one of the two is needed")
    from reports.second.command import run  # here, so that --help starts without SymPy

    return run(layers=layers, given=given, **options)
