"""The options of `derive train`.  Nothing heavy is imported before they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reports.language_option import language_option
from reports.shared_options import output_options, shown_options
from reports.subcommand import Subcommand

OPTIMISERS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw")
INITIALS = ("auto", "xavier", "he", "lecun", "nielsen", "nielsen-large", "zeros")
BACKENDS = ("numpy", "compiled", "jax", "torch", "auto")
SCALINGS = ("none", "min-max", "standardise", "l2")
EXAMPLES = """
\b
Examples:
  derive train --layers 64,30,10 --data digits
  derive train --layers 784,100,40,10 --data mnist/ --optimiser sgd --rate 0.5
  derive train --layers 4,8,3 --data iris.csv --target species --optimiser sgd
  derive train --layers 64,30,10 --data digits --schedule warm-up:epochs=3,cosine
  derive train --layers 64,30,10 --data digits --checkpoint run.npz --resume

\b
Exit codes:
  0 trained        1 the loss is no number any more
  2 wrong input    130 interrupted, and saved where a checkpoint is named
"""


@click.command(
    cls=Subcommand,
    epilog=EXAMPLES,
    short_help="Train a network by its derived gradients.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--layers", metavar="N,N,…", required=True, help="Widths, input first, as many outputs as classes.")
@click.option("--data", metavar="digits|FILE|DIR", required=True,
              help="scikit-learn's digits, a CSV or IDX file, or a folder with MNIST's files; .gz too.")  # fmt: skip
@click.option("--labels", type=click.Path(path_type=Path), metavar="FILE", help="The labels of an IDX file.")
@click.option("--target", metavar="COLUMN[,…]", help="CSV: the column to learn, name or number.  [default: the last]")
@click.option(
    "--header/--no-header", default=None, help="CSV: whether the first line names the columns.  [default: look]"
)
@click.option("--held-out", type=float, default=0.2, show_default=True, metavar="SHARE",
              help="The share of the samples to test with; MNIST's folder brings its own.")  # fmt: skip
@click.option(
    "--scale", type=click.Choice(SCALINGS), default="min-max", show_default=True, help="Scaling of the inputs."
)
@click.option("--activations", metavar="NAME[,NAME…]",
              help="One for the hidden layers, or one for each.  [default: tanh; the last suits the loss]")  # fmt: skip
@click.option("--loss", metavar="NAME",
              help="The loss.  [default: cross-entropy for classes, half-squared-error for numbers]")  # fmt: skip
@click.option("--bias", default="separate", show_default=True, metavar="KIND[,KIND…]",
              help="separate, appended or none; one, or one for each layer.")  # fmt: skip
@click.option("--no-bias", is_flag=True, help="The same as --bias none.")
@click.option(
    "--optimiser",
    "--optimizer",
    type=click.Choice(OPTIMISERS),
    default="adam",
    show_default=True,
    help="The update rule.",
)
@click.option("--rate", type=float, metavar="η", help="The learning rate.  [default: the optimiser's usual one]")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
              help="A setting of the optimiser, such as beta=0.95; repeatable.")  # fmt: skip
@click.option("--weight-decay", type=float, metavar="λ", help="Draws the parameters to 0.")
@click.option("--schedule", default="constant", show_default=True, metavar="NAME[:KEY=VALUE…][,…]",
              help="Of constant, step, exponential, cosine, inverse-time, warm-up; several multiply.")  # fmt: skip
@click.option(
    "--epochs", type=click.IntRange(1), default=30, show_default=True, metavar="N", help="Times through the data."
)
@click.option("--batch", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="Samples of a step.")
@click.option(
    "--initial", type=click.Choice(INITIALS), default="auto", show_default=True, help="How the parameters start."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of everything random.")
@click.option(
    "--backend", type=click.Choice(BACKENDS), default="numpy", show_default=True, help="What computes the gradients."
)
@click.option("--checkpoint", type=click.Path(path_type=Path), metavar="FILE", help="Keep the training there (.npz).")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE",
              help="The trained parameters, as .npz, or as .json for derive --at.")  # fmt: skip
@output_options(others="; or none")
@language_option
@shown_options
def train(**options: Any) -> int:
    """Train a network by its derived gradients, and write a report: the update rule, the epochs, the loss curves.

    One line an epoch says the losses and how many of the samples held out are classed right.  The same seed gives the
    same numbers, and so does a training that was interrupted, even killed, and resumed from its checkpoint.
    """
    from reports.training.command import run  # here, so that --help starts without NumPy and SymPy

    return run(**options)
