"""The `derive` command: its options and exit codes.  Nothing heavy is imported before the options are read.

Exit codes: 0 all done and nothing found wrong (entries at a kink have no derivative, and that is said);
1 a check failed; 2 the input was wrong; 130 interrupted.  `derive check` has its own, see `reports.checking.command`.
"""

from __future__ import annotations

import io
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from reports.certifying.cli import certify
from reports.checking.cli import check
from reports.examples.cli import example
from reports.language_option import language_option
from reports.second.cli import hessian
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
"""

OF_NETWORKS = ("layers", "activations", "loss", "bias", "no_bias", "expand", "at")
OF_DEFINITIONS = ("given", "wrt", "shapes", "assume")
OF_CHAPTERS = ("detail", "exercises")
OF_REPORTS = (*OF_CHAPTERS, "expand", "output", "formats", "pdf_engine", "language", "as_json", "quiet")
DETAILS = ("brief", "standard", "full")
LANGUAGES = ("numpy", "jax", "torch", "c", "python")


@click.group(invoke_without_command=True, epilog=EXAMPLES, subcommand_metavar="[check|certify|hessian|train|example …]",
             context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@click.option("--layers", metavar="N,N,…", help="Widths, input first; b is a layer with only a bias.")
@click.option("--given", "-g", multiple=True, metavar="FILE|LATEX",
              help="Definitions in place of a network: a file with one a line, or one; repeatable.")  # fmt: skip
@click.option("--wrt", metavar="W,b", help="With --given: what to differentiate by.  [default: all that is given]")
@click.option("--shape", "shapes", multiple=True, metavar="W=m,n",
              help="With --given: the sizes of an array; repeatable.")  # fmt: skip
@click.option("--assume", multiple=True, metavar="LATEX", help=r"With --given: a fact, such as '\sum_i t_i = 1'.")
@click.option("--activations", default="sigmoid", show_default=True, metavar="NAME[,NAME…]",
              help="One for all weight layers, or one for each; constants as in leaky-relu:alpha=0.1.")  # fmt: skip
@click.option("--loss", default="half-squared-error", show_default=True, metavar="NAME", help="The loss.")
@click.option("--bias", default="separate", show_default=True, metavar="KIND[,KIND…]",
              help="separate, appended (a 1 appended to the input) or none; one, or one for each layer.")  # fmt: skip
@click.option("--no-bias", is_flag=True, help="The same as --bias none.")
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
@click.option("--output", default=".", type=click.Path(path_type=Path), metavar="DIR", help="Where the files go.")
@click.option("--format", "formats", default="pdf,tex", show_default=True, metavar="LIST",
              help="Of pdf, tex, html, md, ipynb, json.")  # fmt: skip
@click.option("--pdf-engine", default="auto", show_default=True, metavar="NAME",
              help="auto, tex (whichever works), typst, or the name of a TeX program.")  # fmt: skip
@click.option("--code", type=click.Choice(LANGUAGES),
              help="Print one source in this language, which runs alone and checks itself, and no report.")  # fmt: skip
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
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
    if options["code"]:
        _refuse(ctx, typed, OF_REPORTS, "is for reports, and --code prints one source")
        options = {name: value for name, value in options.items() if name not in OF_REPORTS}
    else:
        del options["code"]
    if options["given"]:
        return _given(ctx, options, typed)
    _refuse(ctx, typed, OF_DEFINITIONS, "belongs to --given")
    if options.get("exercises"):
        _refuse(ctx, typed, ("detail", "expand", "at"), "is for the chapter, which --exercises replaces")
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
    _refuse(ctx, typed, OF_NETWORKS, "describes a network, and --given definitions: one of the two")
    _refuse(ctx, typed, OF_CHAPTERS, "is for networks, and --given gives definitions")
    chosen = {name: value for name, value in options.items() if name not in (*OF_NETWORKS, *OF_CHAPTERS)}
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
    _prepare()
    try:
        code = command.main(argv, prog_name="derive", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"derive: {' '.join(error.format_message().split())}", err=True)
        code = 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("derive: interrupted; no file was left half written", err=True)
        code = 130
    except BrokenPipeError:  # whoever read the output has read enough
        sys.stdout = None
        code = 0
    sys.exit(code)


def _prepare() -> None:
    """Letters that the output cannot show become question marks; being told to end is answered like Ctrl-C."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
