"""The options of `derive certify`.  Nothing heavy is imported before they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from reports.shared_options import OF_DEFINITIONS, OF_NETWORKS, definition_options, network_options, shown_options
from reports.subcommand import Subcommand

NOTATIONS = ("nielsen", "ng", "goodfellow", "bishop", "augmented")
EXAMPLES = """
\b
Examples:
  derive certify --layers 2,3,1
  derive certify --layers 784,30,10 --activations relu --dtype float64,float32
  derive certify --layers 2,3,1 --at values.json --gradients mine.json
  derive certify --given 'f = \\|X w - y\\|^2' --shape X=20,5 --wrt w

\b
Exit codes:
  0 every error is what rounding explains (at a kink there is no derivative,
    and that is said; a batch: all hold)
  1 an entry is wrong (a batch: some record holds no certificate)
  2 wrong input             130 interrupted
"""


@click.command(cls=Subcommand, epilog=EXAMPLES, short_help="How many digits of each computed gradient are right.",
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@network_options
@definition_options
@click.option("--notation", default="nielsen", show_default=True, type=click.Choice(NOTATIONS),
              help="How the arrays of a network are written.")  # fmt: skip
@click.option("--hessian", is_flag=True,
              help="Certify Hessian–vector products, not the gradient; numbers go by letter, as W1.")  # fmt: skip
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
@shown_options
@click.pass_context
def certify(ctx: click.Context, /, **options: Any) -> int:
    """Say how many digits of each computed gradient are right, and prove it.

    The true gradient at exactly the numbers in question is enclosed in balls, from the definitions alone, with as many
    bits as it takes; every float of the computed gradient is compared with it.
    """
    batch = {name: options.pop(name) for name in ("batch", "output", "jobs", "scheduler")}
    if batch["batch"] is not None:
        return _batch(ctx, batch, options["as_json"], options["quiet"])
    for name, value in batch.items():
        if value is not None:
            raise click.UsageError(f"--{name} goes with --batch", ctx)
    _one_kind(ctx, options)
    from reports.certifying.command import run  # here, so that --help starts without SymPy

    return run(**options)


def _batch(ctx: click.Context, chosen: dict[str, Any], as_json: bool, quiet: bool) -> int:
    """Many records; what each is about stands in it."""
    own = ("batch", "output", "jobs", "scheduler", "as_json", "quiet")
    for one in ctx.command.params:
        if ctx.get_parameter_source(str(one.name)) is not ParameterSource.DEFAULT and one.name not in own:
            raise click.UsageError(
                f"{one.opts[0]} is for one certificate; records of a batch speak for themselves", ctx
            )
    if chosen["output"] is None:
        raise click.UsageError("--batch needs --output, a file for the certificates", ctx)
    from reports.certifying.batch import tally  # here, so that --help starts without SymPy
    from verify.batch.output import BatchError

    try:
        counts = tally(chosen["batch"], chosen["output"], chosen["jobs"], chosen["scheduler"])
    except BatchError as error:
        raise click.UsageError(str(error), ctx) from None
    count = sum(counts.values())
    if as_json:
        print(json.dumps({"certified": count, "verdicts": counts}))
    elif not quiet:
        print(f"{count:,} certified: {', '.join(f'{many:,} {kind}' for kind, many in counts.items() if many)}")
    return 0 if counts["right"] == count else 1


def _one_kind(ctx: click.Context, options: dict[str, Any]) -> None:
    """A network or definitions: exactly one, and only its options."""
    typed = {str(one.name): one.opts[0] for one in ctx.command.params
             if ctx.get_parameter_source(str(one.name)) is not ParameterSource.DEFAULT}  # fmt: skip
    other, why = (
        ((*OF_NETWORKS, "notation"), "describes a network, and --given definitions: one of the two")
        if options["given"]
        else (OF_DEFINITIONS[1:], "belongs to --given")
    )
    for name in other:
        if name in typed:
            raise click.UsageError(f"{typed[name]} {why}", ctx)
    if options["hessian"] and "notation" in typed:
        raise click.UsageError("--notation does not go with --hessian, whose arrays go by letter: W1, b1, VW1", ctx)
    if not options["given"] and options["layers"] is None:
        raise click.UsageError("say what is certified: --layers 2,3,1, or --given and definitions", ctx)
