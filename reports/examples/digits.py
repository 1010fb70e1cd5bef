"""The network 784-100-40-10 on handwritten digits: one pass as matrices, Nielsen's program, and what it learned."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from itertools import pairwise
from pathlib import Path

from derive.derivation import Derivation
from derive.formula import Writer
from derive.network import Network
from reports.examples import digits_program
from reports.examples.digits_pictures import pictures
from reports.examples.page import Page
from reports.figures.shapes import pass_rows, shapes
from reports.selfcheck.checks import network
from reports.wording.language import phrase
from verify.training import DataError, Samples
from verify.training.sources import digits

WIDTHS, SMALLER = (784, 100, 40, 10), (64, 100, 40, 10)
EPOCHS, BATCH, RATE = 10, 10, 3.0

MNIST = """\
derive train --layers 784,100,40,10 --data mnist/ --activations sigmoid --loss half-squared-error \\
             --optimiser sgd --rate 3 --batch 10 --initial nielsen-large
"""


def tell(page: Page) -> None:
    """The network, one pass, the steps, the program with its epochs, its weights as pictures, and MNIST."""
    _network(page)
    _pass(page)
    _steps(page)
    _program(page)
    found = _found(page)
    if found is not None:
        _epochs(page)
        pictures(page, found)
    _mnist(page)


def _network(page: Page) -> None:
    page.section("The network")
    page.say(
        "A picture of a digit is {dots} numbers, one for each of 28 times 28 dots; {ten} outputs say how much it looks "
        "like each digit. Between them stand two hidden layers, of {first} and {second} neurons. How many numbers are "
        "there to learn? {weights} weights and {biases} biases.",
        dots=page.number(28 * 28, "784", ours=False),
        ten=page.number(WIDTHS[3], "10", ours=False),
        first=page.number(WIDTHS[1], "100", ours=False),
        second=page.number(WIDTHS[2], "40", ours=False),
        weights=page.number(_weights(WIDTHS), f"{_weights(WIDTHS):,}"),
        biases=page.number(sum(WIDTHS[1:]), f"{sum(WIDTHS[1:]):,}"),
    )


def _weights(widths: Sequence[int]) -> int:
    return sum(before * to for before, to in pairwise(widths))


def _pass(page: Page) -> None:
    page.section("One pass, matrix by matrix")
    page.say(
        "What must have which shape, so that all the products fit? These are the equations of the derivation, proved "
        "for layers of any width:"
    )
    derivation, subject = Derivation(Network(list(WIDTHS))), network("n_1", "n_2", "n_3", "n_4", notation="nielsen")
    letters = Writer(derivation, "nielsen")
    for layer in (1, 2, 3):
        page.derived(letters.box(derivation.forward("z", layer)), subject)
    for name, role, layer in (("BP1", "delta", 3), ("BP2", "delta", 2), ("BP3", "b", 2), ("BP4", "W", 2)):
        page.derived(letters.box(derivation.matrix(role, layer)), subject, name=name)
    page.figure(
        shapes(pass_rows(derivation), letters, derivation.sizes, (phrase("forward"), phrase("backward"))),
        "Every matrix and column of one pass, layer by layer: forward downwards, then backward. Sides are drawn by "
        "the square roots of their numbers, so that 10 can be seen beside 784.",
        "Rectangles for all weights, biases, sums, activations and error signals with their letters and sizes: three "
        "rows forward, and three rows backward with the gradients.",
        "shapes",
    )
    page.say("A product fits where two sides that meet are equal; the outer sides are those of the result.")


def _steps(page: Page) -> None:
    page.section("Learning in small batches")
    page.say(
        "The samples are shuffled, and cut into batches of {m}. After each batch all weights go a step against the "
        "mean gradient of that batch; when all batches are used, an *epoch* is over.",
        m="$m$",
    )
    page.define(r"w^l \leftarrow w^l - \frac{\eta}{m} \sum_x \frac{\partial C_x}{\partial w^l}")
    page.define(r"b^l \leftarrow b^l - \frac{\eta}{m} \sum_x \frac{\partial C_x}{\partial b^l}")


def _program(page: Page) -> None:
    page.section("The program")
    page.say(
        "The program is Nielsen's in its parts and their names: `SGD` shuffles and cuts, `update_mini_batch` takes a "
        "step, `backprop` is the four equations for one sample, and `evaluate` counts the right answers."
    )
    page.code(
        Path(digits_program.__file__).read_text(encoding="utf-8"),
        "It runs alone, with the digits that come with scikit-learn, which have 8 times 8 dots.",
    )


def _found(page: Page) -> Samples | None:
    """The digits, or None where scikit-learn is missing, and that is said."""
    try:
        return digits()
    except DataError:
        page.section("Real digits")
        page.say(
            "Here its run would be shown; but the digits come with scikit-learn, which is not installed on this "
            "machine: `.venv/bin/pip install -e '.[data]'` in Backproof's folder."
        )
        return None


def _epochs(page: Page) -> None:
    page.section("Real digits")
    training_data, test_data = digits_program.digits()
    page.say(
        "The pictures of scikit-learn have {dots} dots, so the network is {widths} here. It learns from {learned} "
        "pictures, in {steps} steps an epoch, and is tested with {held} others that it never learns from.",
        dots=page.number(8 * 8, "64"),
        widths="-".join(map(str, SMALLER)),
        learned=f"{len(training_data):,}",
        steps=page.number(-(-len(training_data) // BATCH), f"{-(-len(training_data) // BATCH):,}"),
        held=str(len(test_data)),
    )
    said = io.StringIO()
    with redirect_stdout(said):
        digits_program.Network(SMALLER).SGD(training_data, EPOCHS, BATCH, RATE, test_data)
    page.code(
        said.getvalue(),
        "One line an epoch: how many of the pictures that were held out are told right.",
        "text",
    )


def _mnist(page: Page) -> None:
    page.section("MNIST")
    page.say(
        "The pictures of the text are those of MNIST: 60,000 to learn from and 10,000 to test with. They are not part "
        "of this program. Whoever has their four IDX files, packed or not, puts them into a folder and says:"
    )
    page.code(MNIST, "", "console", runs=False)
    page.say(
        "That trains the network of the text by the derived gradients, prints a line an epoch, and writes a report "
        "with the update rule, the curves, and which digit was taken for which."
    )
