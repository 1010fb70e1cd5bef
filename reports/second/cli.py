"""The `derive hessian` command: its options.  Nothing heavy is imported before they are read."""

from __future__ import annotations

from typing import Any

import click

from reports.language_option import language_option
from reports.shared_options import definition_options, network_options, output_options, shown_options
from reports.subcommand import Subcommand

EXAMPLES = """
\b
Examples:
  derive hessian --layers 2,3,1
  derive hessian --given 'f = \\|X w - y\\|^2' --wrt w --output hessian.html

\b
Exit codes:
  0 every check passed      1 one failed
  2 wrong input             130 interrupted
"""
NOTATIONS = ("nielsen", "ng", "goodfellow", "bishop", "augmented")


@click.command("hessian", cls=Subcommand, epilog=EXAMPLES, short_help="Derive and prove Hessian–vector products.",
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@network_options
@definition_options
@click.option(
    "--notation", default="nielsen", show_default=True, type=click.Choice(NOTATIONS), help="How it is written."
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Seed of the numerical example.")
@output_options()
@language_option
@shown_options
def hessian(layers: str | None, given: tuple[str, ...], **options: Any) -> int:
    """Derive Hessian–vector products (∇²E) V of a network or of definitions, step by step, prove and check them."""
    if (layers is None) == (not given):
        raise click.UsageError("--layers describes a network, and --given definitions: one of the two is needed")
    from reports.second.command import run  # here, so that --help starts without SymPy

    return run(layers=layers, given=given, **options)
