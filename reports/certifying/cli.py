"""The options of `derive certify`.  Nothing heavy is imported before they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from reports.subcommand import Subcommand

EXAMPLES = """
\b
Examples:
  derive certify --layers 2,3,1
  derive certify --layers 784,30,10 --activations relu,softmax --loss cross-entropy --dtype float64,float32
  derive certify --layers 2,3,1 --at values.json --gradients mine.json
  derive certify --given 'f = \\lVert X w - y \\rVert^2' --shape X=20,5 --wrt w

\b
Exit codes:
  0 every error is what rounding explains (entries at a kink have no derivative, and that is said)
  1 an entry is wrong      2 wrong input      130 interrupted
"""
OF_NETWORKS = ("layers", "activations", "loss", "bias", "no_bias")
OF_DEFINITIONS = ("wrt", "shapes", "assume")


@click.command(cls=Subcommand, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--layers", metavar="N,N,…", help="Widths, input first; b is a layer with only a bias.")
@click.option("--activations", default="sigmoid", show_default=True, metavar="NAME[,NAME…]",
              help="One for all weight layers, or one for each; constants as in leaky-relu:alpha=0.1.")  # fmt: skip
@click.option("--loss", default="half-squared-error", show_default=True, metavar="NAME", help="The loss.")
@click.option("--bias", default="separate", show_default=True, metavar="KIND[,KIND…]",
              help="separate, appended (a 1 appended to the input) or none; one, or one for each layer.")  # fmt: skip
@click.option("--no-bias", is_flag=True, help="The same as --bias none.")
@click.option("--given", "-g", multiple=True, metavar="FILE|LATEX",
              help="Definitions in place of a network: a file with one a line, or one; repeatable.")  # fmt: skip
@click.option("--wrt", metavar="W,b", help="With --given: what to differentiate by.  [default: all that is given]")
@click.option("--shape", "shapes", multiple=True, metavar="W=m,n",
              help="With --given: the sizes of an array; repeatable.")  # fmt: skip
@click.option("--assume", multiple=True, metavar="LATEX", help=r"With --given: a fact, such as '\sum_i t_i = 1'.")
@click.option("--at", type=click.Path(path_type=Path), metavar="FILE",
              help="JSON file with the numbers: W, b, x, y of a network, or each letter of --given; "
              "what it leaves out is drawn at random.")  # fmt: skip
@click.option("--gradients", type=click.Path(path_type=Path), metavar="FILE",
              help="JSON file with gradients that another program computed, laid out as the numbers are.  "
              "[default: those of the engine]")  # fmt: skip
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Seed of the random numbers.")
@click.option("--dtype", default="float64", show_default=True, metavar="NAME[,NAME]",
              help="The floats that gradients are computed in: float64, float32 or both.")  # fmt: skip
@click.option(
    "--backend", default="numpy", show_default=True, metavar="NAME", help="What computes them, of the engine."
)
@click.option("--worst", default=1, show_default=True, type=click.IntRange(1, 1000),
              help="How many of the worst entries of each array are shown.")  # fmt: skip
@click.option("--digits", default=20, show_default=True, type=click.IntRange(1, 20),
              help="How many digits of the true values are shown.")  # fmt: skip
@click.option("--batch", type=click.Path(path_type=Path), metavar="IN.jsonl",
              help="Certify every record of a file (JSON Lines) at random numbers.")  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="OUT.jsonl", help="Where certificates of a batch go."
)
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes of a batch.  [default: all cores]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose machines certify a batch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors: the exit code says it.")
@click.pass_context
def certify(ctx: click.Context, /, **options: Any) -> int:
    """Say how many digits of each computed gradient are right, and prove it.

    The true gradient at exactly the numbers in question is enclosed in balls, from the definitions alone, with as many
    bits as it takes; every float of the computed gradient is compared with it.
    """
    batch = {name: options.pop(name) for name in ("batch", "output", "jobs", "scheduler")}
    if batch["batch"] is not None:
        return _batch(ctx, batch)
    for name, value in batch.items():
        if value is not None:
            raise click.UsageError(f"--{name} goes with --batch", ctx)
    _one_kind(ctx, options)
    from reports.certifying.command import run  # here, so that --help starts without SymPy

    return run(**options)


def _batch(ctx: click.Context, chosen: dict[str, Any]) -> int:
    """Many records; what each is about stands in it."""
    own = ("batch", "output", "jobs", "scheduler", "quiet")
    for one in ctx.command.params:
        if ctx.get_parameter_source(str(one.name)) is not ParameterSource.DEFAULT and one.name not in own:
            raise click.UsageError(f"{one.opts[0]} stands in each record of a batch, not on the command line", ctx)
    if chosen["output"] is None:
        raise click.UsageError("--batch needs --output, a file for the certificates", ctx)
    from reports.certifying.batch import run  # here, so that --help starts without SymPy
    from verify.batch.output import BatchError

    try:
        failed = run(chosen["batch"], chosen["output"], chosen["jobs"], chosen["scheduler"])
    except BatchError as error:
        raise click.UsageError(str(error), ctx) from None
    return 1 if failed else 0


def _one_kind(ctx: click.Context, options: dict[str, Any]) -> None:
    """A network or definitions: exactly one, and only its options."""
    typed = {str(one.name): one.opts[0] for one in ctx.command.params
             if ctx.get_parameter_source(str(one.name)) is not ParameterSource.DEFAULT}  # fmt: skip
    other, why = (
        (OF_NETWORKS, "describes a network, and --given definitions: one of the two")
        if options["given"]
        else (OF_DEFINITIONS, "belongs to --given")
    )
    for name in other:
        if name in typed:
            raise click.UsageError(f"{typed[name]} {why}", ctx)
    if not options["given"] and options["layers"] is None:
        raise click.UsageError("say what is certified: --layers 2,3,1, or --given and definitions", ctx)
