"""The `derive` command: its options and exit codes.  Nothing heavy is imported before the options are read.

Exit codes: 0 all done and nothing found wrong (entries at a kink have no derivative, and that is said);
1 a check failed; 2 the input was wrong, or the output cannot be written; 130 interrupted.  They are those of
`reports.exits` for every command; `derive check` gives 3 besides, see `reports.checking.command`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from reports.arguments import settle
from reports.certifying.cli import certify
from reports.checking.cli import check
from reports.ending import Command, ended
from reports.examples.cli import example
from reports.files import kind_of
from reports.language_option import language_option
from reports.second.cli import hessian
from reports.shared_options import (
    OF_DEFINITIONS,
    OF_NETWORKS,
    definition_options,
    network_options,
    output_options,
    self_check_option,
    shown_options,
)
from reports.training.cli import train

NOTATIONS = ("nielsen", "ng", "goodfellow", "bishop", "augmented")
EXAMPLES = """
\b
Examples:
  derive --layers 2,3,1
  derive --layers 3,4,3,2 --activations tanh,tanh,softmax --loss cross-entropy
  derive --layers 784,b,10 --activations relu --bias appended --notation ng
  derive --given 'f = \\lVert X w - y \\rVert^2' --wrt w
  derive check --layers 2,3,1 '\\delta^2 = w^3 \\delta^3'

\b
Exit codes:
  0 everything is right (derive check: correct)
  1 a check failed (derive check: incorrect)
  2 wrong input, or output that cannot be written
  3 derive check is undecided
  130 interrupted
"""

OF_CHAPTERED = (*OF_NETWORKS, "expand", "at")
OF_CHAPTERS = ("detail", "exercises")
OF_REPORTS = (*OF_CHAPTERS, "self_check", "expand", "output", "formats", "pdf_engine", "language", "as_json", "quiet")
DETAILS = ("brief", "standard", "full")
LANGUAGES = ("numpy", "jax", "torch", "c", "python")


@click.group(cls=Command, invoke_without_command=True, epilog=EXAMPLES, subcommand_metavar="[COMMAND …]",
             context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@network_options
@definition_options
@click.option(
    "--notation", default="nielsen", show_default=True, type=click.Choice(NOTATIONS), help="How it is written."
)
@click.option("--expand", is_flag=True, help="Write entries in the inputs and parameters alone, without δ.")
@click.option("--detail", default="standard", show_default=True, type=click.Choice(DETAILS),
              help="One page, the chapter, or every entry and every step.")  # fmt: skip
@click.option("--exercises", is_flag=True,
              help="Exercises, solutions and a quiz for derive check --batch in place of the chapter.")  # fmt: skip
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Seed of the numerical example.")
@click.option(
    "--at", type=click.Path(path_type=Path), metavar="FILE", help="JSON file with W, b, x, y for the example."
)
@output_options()
@click.option("--code", type=click.Choice(LANGUAGES),
              help="Print one source in this language, which runs alone and checks itself, and no report.")  # fmt: skip
@self_check_option
@language_option
@shown_options
@click.version_option(package_name="backproof", prog_name="derive")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int:
    """Derive a network's gradients step by step, prove each step, check them with numbers, and print the derivation.

    `derive check` checks a formula that somebody derived by hand: see `derive check --help`.
    """
    typed = {one.name: one for one in ctx.command.params
             if ctx.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE}  # fmt: skip
    if ctx.invoked_subcommand is not None:
        ctx.obj = {name: (one.opts[0], ctx.params[str(name)]) for name, one in typed.items()}
        return 0
    options = dict(settle(ctx))
    if options["code"]:
        _refuse(ctx, typed, OF_REPORTS, "is for reports, and --code prints one source")
        options = {name: value for name, value in options.items() if name not in OF_REPORTS}
    else:
        del options["code"]
    if options["given"]:
        return _given(ctx, options, typed)
    _refuse(ctx, typed, OF_DEFINITIONS, "belongs to --given")
    if options.get("exercises"):
        _refuse(ctx, typed, ("detail", "expand", "at", "self_check"), "is for the chapter, which --exercises replaces")
        if kind_of(options["output"]) is not None:
            raise click.UsageError(f"--exercises writes several files: --output must be a folder, not "
                                   f"{str(options['output'])!r}", ctx)  # fmt: skip
    if options.get("detail") == "brief":
        _refuse(ctx, typed, ("expand",), "writes out entries, which --detail brief leaves out")
    if options["layers"] is None:
        raise click.MissingParameter(ctx=ctx, param=next(one for one in ctx.command.params if one.name == "layers"))
    chosen = {name: value for name, value in options.items() if name not in OF_DEFINITIONS}
    if "code" in chosen:
        from reports.coding.command import run_network  # here, so that --help starts without SymPy

        return run_network(**chosen)
    from reports.command import run  # here, so that --help starts without SymPy

    return run(**chosen)


def _given(ctx: click.Context, options: dict[str, Any], typed: Mapping[str, click.Parameter]) -> int:
    """Definitions in place of a network."""
    _refuse(ctx, typed, OF_CHAPTERED, "describes a network, and --given definitions: one of the two")
    _refuse(ctx, typed, OF_CHAPTERS, "is for networks, and --given gives definitions")
    chosen = {name: value for name, value in options.items() if name not in (*OF_CHAPTERED, *OF_CHAPTERS)}
    if "code" in chosen:
        from reports.coding.command import run_given  # here, so that --help starts without SymPy

        return run_given(**chosen)
    from reports.given.command import run  # here, so that --help starts without SymPy

    return run(**chosen)


def _refuse(ctx: click.Context, typed: Mapping[str, click.Parameter], names: tuple[str, ...], why: str) -> None:
    """Refuses options that were typed and mean nothing here."""
    for name in names:
        if name in typed:
            raise click.UsageError(f"{typed[name].opts[0]} {why}", ctx)


for subcommand in (check, certify, hessian, train, example):
    command.add_command(subcommand)


def main(argv: list[str] | None = None) -> None:
    """Run the command; every wrong input ends in one sentence and exit code 2."""
    sys.exit(ended(lambda: command.main(argv, prog_name="derive", standalone_mode=False)))


if __name__ == "__main__":
    main()
