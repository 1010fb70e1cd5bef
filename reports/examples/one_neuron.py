"""One neuron and one vector: its gradient, the step, rates, momentum and its relatives, and many starts."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import cos, sin
from typing import Any

from flint import arb

from reports.examples.one_neuron_balls import ball
from reports.examples.one_neuron_descents import optimisers, rates
from reports.examples.page import Page
from reports.figures.drawing import Drawing
from reports.figures.plot import Plot
from reports.selfcheck.checks import given
from reports.wording.language import phrase
from verify.training import Restarts, descend, random_starts, restarts

SUM = r"z = \theta^T x + b"
SHAPES = {r"\theta": ["n"], "x": ["n"]}
WAVES = tuple(Fraction(n, 2) for n in range(1, 7))
TRUE, LOST, LAST = 3, 6.5, 7.0
STARTS, SEED, STEPS, RATE = 12, 4, 300, 0.02

PROGRAM = """\
import numpy as np

X = np.array([[0.5, 1.0], [1.5, 2.0], [2.0, 0.5], [3.0, 1.5], [3.5, 2.5], [1.0, 0.2]])
y = np.array([0, 0, 1, 1, 1, 0])
X = np.hstack([X, np.ones((len(X), 1))])  # the last entry of theta is b

def neuron(theta_vector):
    return 1 / (1 + np.exp(-X @ theta_vector))

def J(theta_vector):
    a = neuron(theta_vector)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))

def gradient(theta_vector):
    return X.T @ (neuron(theta_vector) - y) / len(y)

def sgd(theta_vector, learning_rate, n_iter, gradient_momentum):
    step = np.zeros_like(theta_vector)
    for _ in range(n_iter):
        step = gradient_momentum * step - learning_rate * gradient(theta_vector)
        theta_vector = theta_vector + step
    return theta_vector

theta, h = np.array([0.3, -0.2, 0.1]), 1e-6
for place in range(3):
    moved = h * np.eye(3)[place]
    assert abs((J(theta + moved) - J(theta - moved)) / (2 * h) - gradient(theta)[place]) < 1e-8

for momentum in (0.0, 0.9):
    found = sgd(np.zeros(3), 0.1, 500, momentum)
    print("momentum", momentum, "loss", J(found), "right", np.sum((neuron(found) > 0.5) == y), "of", len(y))
"""


def tell(page: Page) -> None:
    """The neuron and its losses, the step and a slip, rates, optimisers, restarts, the program."""
    _neuron(page)
    _numbers(page)
    _classes(page)
    _step(page)
    rates(page)
    optimisers(page)
    _restarts(page)
    page.section("As a program")
    page.say("One neuron that learns classes, with the momentum as a part that is kept of the last step:")
    page.code(PROGRAM, "It runs alone, and compares its gradient with central differences.")


def _neuron(page: Page) -> None:
    page.section("The neuron")
    page.say("A neuron weighs its inputs, adds a bias, and bends the sum by an activation, whichever it is:")
    page.define(r"\alpha = \sigma(\theta^T x + b)")
    page.say(
        "What should {theta} be? A loss {J} says how far the answers are from those that are wanted. Its gradient by "
        "{theta} is a column with one entry for each weight, as {theta} itself is.",
        theta=r"$\theta$",
        J="$J$",
    )


def _numbers(page: Page) -> None:
    page.section("Numbers: the mean squared error")
    one = given(SUM, r"\alpha = \sigma(z)", r"J = (\alpha - y)^2", shapes=SHAPES)
    page.say("For one sample, the chain rule goes through the square, the activation and the sum:")
    page.define(r"J = (\alpha - y)^2")
    page.claim(r"\frac{\partial J}{\partial \theta} = 2 (\alpha - y) \sigma'(z) x", one, "what is off, the slope, x")
    page.claim(r"\frac{\partial J}{\partial b} = 2 (\alpha - y) \sigma'(z)", one, "a bias is weighed by 1")
    page.say("For {m} samples, the rows of {X}, it is the mean, and the sum over the samples is a product:", m="$m$",
             X="$X$")  # fmt: skip
    many = given(r"z_i = \sum_j X_{ij} \theta_j + b", r"\alpha_i = \sigma(z_i)",
                 r"J = \frac{1}{m} \sum_{i=1}^m (\alpha_i - y_i)^2")  # fmt: skip
    page.claim(r"\frac{\partial J}{\partial \theta_j} = \frac{2}{m} \sum_i (\alpha_i - y_i) \sigma'(z_i) X_{ij}", many,
               "one entry")  # fmt: skip
    page.claim(r"\frac{\partial J}{\partial \theta} = \frac{2}{m} X^T ((\alpha - y) \odot \sigma'(z))", many,
               "the column")  # fmt: skip
    page.claim(r"\frac{\partial J}{\partial b} = \frac{2}{m} \sum_i (\alpha_i - y_i) \sigma'(z_i)", many, "the bias")


def _classes(page: Page) -> None:
    page.section("Classes: cross-entropy")
    page.say("For two classes, {y} is 0 or 1, and {a} is how likely the neuron takes 1 to be:", y="$y$",
             a=r"$\alpha$")  # fmt: skip
    page.define(r"J = -y \log \alpha - (1 - y) \log(1 - \alpha)")
    loss = r"J = -y \log \alpha - (1 - y) \log(1 - \alpha)"
    page.claim(r"\frac{\partial J}{\partial \theta} = \frac{\alpha - y}{\alpha (1 - \alpha)} \sigma'(z) x",
               given(SUM, r"\alpha = \sigma(z)", loss, shapes=SHAPES), "any activation between 0 and 1")  # fmt: skip
    page.say("With the sigmoid, the slope cancels against the divisor, and nothing is left but what is off:")
    sigmoid = r"\alpha = \frac{1}{1 + e^{-z}}"
    page.claim(r"\frac{\partial J}{\partial \theta} = (\alpha - y) x", given(SUM, sigmoid, loss, shapes=SHAPES),
               "the sigmoid")  # fmt: skip
    many = given(r"z_i = \sum_j X_{ij} \theta_j + b", r"\alpha_i = \frac{1}{1 + e^{-z_i}}",
                 r"J = -\frac{1}{m} \sum_{i=1}^m (y_i \log \alpha_i + (1 - y_i) \log(1 - \alpha_i))")  # fmt: skip
    page.claim(r"\frac{\partial J}{\partial \theta} = \frac{1}{m} X^T (\alpha - y)", many, "all samples")


def _step(page: Page) -> None:
    page.section("The step")
    page.define(r"\theta \leftarrow \theta - \eta \nabla J")
    page.say("The gradient points uphill; a step against it, as long as the rate {eta} says, goes down.",
             eta=r"$\eta$")  # fmt: skip
    shapes = {r"\theta": ["n"], r"\theta_0": ["n"], "g": ["n"]}
    page.false(
        "To go down, subtract the negative gradient.",
        r"\frac{\partial J}{\partial \eta} = -g^T \frac{\partial J}{\partial \theta}",
        given("J = J(\\theta)", r"\theta = \theta_0 - \eta (-g)", shapes=shapes),
        "Twice minus is plus: to subtract {minus} is to add {g}, and that climbs. Along {way} the loss changes as "
        "below; at the start of the step, where the gradient is {g}, that is {square}, which is above 0. What was "
        "meant is to *add* the negative gradient, or to *subtract* the gradient.",
        minus="$-g$",
        g="$g$",
        way=r"$\theta = \theta_0 - \eta (-g)$",
        square="$g^T g$",
    )
    square = given(r"J(\theta) = \theta^2")
    page.say("The square shows it in numbers. With the rate {rate}, one step makes {down} of J, or {up}:",
             rate=page.number(Fraction(1, 10), "0.1"), down=page.number(Fraction(8, 10) ** 2, "0.64"),
             up=page.number(Fraction(12, 10) ** 2, "1.44"))  # fmt: skip
    page.claim(r"J(\theta - \eta \frac{dJ}{d\theta}) = (1 - 2 \eta)^2 \theta^2", square, "against the gradient: down")
    page.claim(r"J(\theta - \eta (-\frac{dJ}{d\theta})) = (1 + 2 \eta)^2 \theta^2", square, "twice minus: up")


# --- many starts ---


def waves(theta: float) -> float:
    """J of a neuron whose activation is the sine, for answers that are those of θ = 3."""
    return sum((sin(theta * x) - sin(TRUE * x)) ** 2 for x in map(float, WAVES)) / len(WAVES)


def slope(theta: float) -> float:
    """dJ/dθ."""
    return sum(2 * (sin(theta * x) - sin(TRUE * x)) * cos(theta * x) * x for x in map(float, WAVES)) / len(WAVES)


def enclosed(theta: float) -> tuple[arb, arb]:
    """A lowest point that lies within a millionth of a number, proved by the signs of the slope, and J there."""
    low, high = (arb(theta) + side * arb("1e-6") for side in (-1, 1))
    if not (_ball_slope(low) < 0 < _ball_slope(high)):
        raise ValueError(f"the slope does not rise through 0 near {theta}")
    point = low.union(high)
    value = sum(((point * x).sin() - (TRUE * x).sin()) ** 2 for x in map(ball, WAVES)) / len(WAVES)
    return point, value


def _ball_slope(theta: arb) -> arb:
    parts = (((theta * x).sin() - (TRUE * x).sin()) * (theta * x).cos() * x for x in map(ball, WAVES))
    return 2 * sum(parts, start=arb(0)) / len(WAVES)


@cache
def tried() -> Restarts:
    """Descents from starts that are drawn evenly."""
    starts = random_starts(STARTS, 0.0, LAST, seed=SEED)
    return restarts(waves, slope, starts, rate=RATE, steps=STEPS)


def _restarts(page: Page) -> None:
    page.section("Many starts")
    page.say(
        "What if there is more than one valley? Let the activation be the sine, as where a frequency is to be found: "
        "the answers are those of {theta}, and so J is 0 there and nowhere less.",
        theta=r"$\theta = 3$",
    )
    wave = given(r"\alpha_i = \sin(\theta x_i)", r"J = \frac{1}{m} \sum_{i=1}^m (\alpha_i - y_i)^2")
    page.define(r"\alpha_i = \sin(\theta x_i)")
    page.claim(r"\frac{\partial J}{\partial \theta} = \frac{2}{m} \sum_i (\alpha_i - y_i) \cos(\theta x_i) x_i", wave,
               "the slope of the sine is the cosine")  # fmt: skip
    lost = descend(waves, slope, LOST, rate=RATE, steps=STEPS)
    theta, value = enclosed(float(lost.end[0]))
    best, least = enclosed(float(tried().best.end[0]))
    page.say(
        "From {start} a descent ends in the nearest valley, at {theta}, where J is {value}: no step leads out. "
        "{count} descents from starts drawn evenly between 0 and {last} end in several valleys; the best of them has "
        "found {best}, where J is {least}.",
        start=page.number(Fraction(LOST), "6.5"),
        theta=page.ball(theta, 4),
        value=page.ball(value, 4),
        count=str(STARTS),
        last=f"{LAST:g}",
        best=page.number(best, "3.000"),
        least=page.number(least, "0.0000"),
    )
    page.figure(
        _valleys(),
        "J with its valleys: where descents began (rings) and ended (dots).",
        "A curve with several valleys; one descent from 6.5 ends in a high one, one of many in the deepest.",
    )
    page.say("Nothing proves that the best of many is the best of all; each further start makes it likelier.")


def _valleys() -> Drawing:
    plot = Plot((0, LAST), (-0.1, 1.7), across="θ", up="J", width=130, height=66)
    plot.curve(waves, "faint")
    lost: Any = descend(waves, slope, LOST, rate=RATE, steps=STEPS)
    for found in tried().paths:
        plot.path([(float(found.points[0][0]), float(found.values[0]))], "bp2")
        plot.dots([(float(found.end[0]), float(found.value))], "bp2", radius=1.0)
    plot.path([(float(one[0]), float(value)) for one, value in zip(lost.points, lost.values, strict=True)], "bp1",
              phrase("one start"))  # fmt: skip
    plot.dots([(float(lost.end[0]), float(lost.value))], "bp1", radius=1.0)
    plot.dots([], "bp2", phrase("many starts"))
    return plot.drawing()
