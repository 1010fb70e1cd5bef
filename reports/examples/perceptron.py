"""One perceptron makes NAND, two layers of them make XOR, and one alone cannot."""

from __future__ import annotations

from collections.abc import Sequence

from reports.examples.page import Page
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
NAND, OR, AND = (-2, -2, 3), (2, 2, -1), (2, 2, -3)
"""Two weights and a bias."""

PROGRAM = """\
def step(z):
    return 1 if z > 0 else 0

def neuron(weights, bias, inputs):
    return step(sum(w * x for w, x in zip(weights, inputs)) + bias)

def xor(a, b):
    hidden = neuron((-2, -2), 3, (a, b)), neuron((2, 2), -1, (a, b))
    return neuron((2, 2), -3, hidden)

for a in (0, 1):
    for b in (0, 1):
        print(a, b, "NAND", neuron((-2, -2), 3, (a, b)), "XOR", xor(a, b))
"""


def fires(neuron: tuple[int, int, int], a: int, b: int) -> int:
    """What a neuron with two weights and a bias sends on."""
    return int(neuron[0] * a + neuron[1] * b + neuron[2] > 0)


def tell(page: Page) -> None:
    """The neuron, NAND, XOR with two layers, and why one is not enough."""
    page.section("A neuron that says yes or no")
    page.say("A perceptron weighs its inputs, adds a bias, and fires where the sum is above 0.")
    page.define(r"a = \operatorname{step}(w_1 x_1 + w_2 x_2 + b)")
    _nand(page)
    _xor(page)
    _alone(page)
    page.section("As a program")
    page.code(PROGRAM, "All of it; the last line prints the table.")


def _nand(page: Page) -> None:
    page.section("NAND with one of them")
    page.say(
        "NAND is 0 only where both inputs are 1. The weights {w} and the bias {b} do it.",
        w="$w_1 = w_2 = -2$",
        b="$b = 3$",
    )
    rows = [
        (str(a), str(b), page.number(-2 * a - 2 * b + 3, str(-2 * a - 2 * b + 3)), str(fires(NAND, a, b)))
        for a, b in CORNERS
    ]
    page.table(("$x_1$", "$x_2$", "$-2 x_1 - 2 x_2 + 3$", "$a$"), rows, "NAND, by one perceptron.", align="rrrr")
    page.figure(
        _plane([fires(NAND, a, b) for a, b in CORNERS], [NAND]),
        "The line on which the sum is 0 parts the corner where both inputs are 1 from the others.",
        "Four corners of a square; a falling line cuts off the upper right one.",
    )
    page.remark(
        "NAND cannot be modelled by a perceptron.",
        "It can, as the table shows. XOR and XNOR are those that one perceptron cannot model.",
    )


def _xor(page: Page) -> None:
    page.section("XOR with two layers")
    page.say(
        "XOR is 1 where exactly one input is: where NAND and OR both are. So a first layer makes these two, and a "
        "second makes AND of them."
    )
    rows = []
    for a, b in CORNERS:
        first = fires(NAND, a, b), fires(OR, a, b)
        rows.append((str(a), str(b), str(first[0]), str(first[1]), str(fires(AND, *first))))
    page.table(("$x_1$", "$x_2$", "NAND", "OR", "XOR"), rows, "XOR, by three perceptrons in two layers.", align="rrrrr")
    page.figure(
        _plane([a ^ b for a, b in CORNERS], [NAND, OR]),
        "The two lines of the first layer; between them XOR is 1.",
        "Four corners of a square; two parallel falling lines leave two of them between.",
    )


def _alone(page: Page) -> None:
    page.section("Why one is not enough")
    page.say("Suppose one perceptron made XOR. At the four corners its sum would have to be:")
    page.bullets(
        page.words("at {at}: {sum}", at="$(0, 0)$", sum=r"$b \le 0$"),
        page.words("at {at}: {sum}", at="$(0, 1)$", sum="$w_2 + b > 0$"),
        page.words("at {at}: {sum}", at="$(1, 0)$", sum="$w_1 + b > 0$"),
        page.words("at {at}: {sum}", at="$(1, 1)$", sum=r"$w_1 + w_2 + b \le 0$"),
    )
    page.say(
        "The second and the third together say {up}, the first and the last {down}. Both cannot be.",
        up="$w_1 + w_2 + 2 b > 0$",
        down=r"$w_1 + w_2 + 2 b \le 0$",
    )


def _plane(values: Sequence[int], neurons: Sequence[tuple[int, int, int]]) -> Drawing:
    plot = Plot((-0.5, 1.5), (-0.5, 1.5), across="x₁", up="x₂", width=62, height=58)
    for first, second, bias in neurons:
        plot.line([(x, -(first * x + bias) / second) for x in (-0.5, 1.5)], "bp2")
    for value, colour in ((1, "bp1"), (0, "quiet")):
        points = [(float(a), float(b)) for (a, b), found in zip(CORNERS, values, strict=True) if found == value]
        plot.dots(points, colour, radius=1.3)
        for x, y in points:
            plot.label(x, y, str(value), "above")
    return plot.drawing()
