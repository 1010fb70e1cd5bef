"""A deep small network whose biases are appended: entry by entry, what recurs in colour, and so the recursion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.equation import Equation
from derive.formula import Writer
from derive.layout import Box, Coloured, Glyph, Row
from derive.network import Network
from reports.document import lines
from reports.examples.page import Page
from reports.examples.recursion_cost import cost
from reports.figures.network import network_figure
from reports.inline import Tinted
from reports.selfcheck.checks import Subject, claimed, network

WIDTHS, WIDER = (2, 3, 2, 1), (2, 3, 3, 1)

PROGRAM = """\
import numpy as np

def a(z):
    return 1 / (1 + np.exp(-z))

def slope(z):
    return a(z) * (1 - a(z))

def bar(x):
    return np.append(x, 1.0)  # the activations with a 1 appended

def loss(W, x, y):
    for w in W:
        x = a(w @ bar(x))
    return np.mean((y - x) ** 2)

def gradients(W, x, y):
    X, Z = [x], []
    for w in W:
        Z.append(w @ bar(X[-1]))
        X.append(a(Z[-1]))
    psi = 2 / len(y) * (X[-1] - y) * slope(Z[-1])  # start at the last layer
    found = [np.outer(psi, bar(X[-2]))]
    for l in range(len(W) - 1, 0, -1):
        psi = W[l][:, :-1].T @ psi * slope(Z[l - 1])  # back, without the bias column
        found.insert(0, np.outer(psi, bar(X[l - 1])))  # psi times the inputs of the layer
    return found

rng = np.random.default_rng(1)
widths = [2, 3, 2, 1]
W = [rng.normal(size=(to, n + 1)) for n, to in zip(widths, widths[1:])]
x, y, h = np.array([0.5, -1.0]), np.array([1.0]), 1e-5
for w, found in zip(W, gradients(W, x, y)):
    for place in np.ndindex(w.shape):
        kept = w[place]
        w[place] = kept + h
        above = loss(W, x, y)
        w[place] = kept - h
        below = loss(W, x, y)
        w[place] = kept
        assert abs((above - below) / (2 * h) - found[place]) < 1e-8, place
print("every entry agrees with central differences")
"""


def derived(*widths: int) -> Derivation:
    """The derivation of such a network."""
    return Derivation(Network(list(widths), "sigmoid", "mse", bias="appended"))


def about(*widths: int) -> Subject:
    """Formulas about such a network."""
    return network(*widths, activations="sigmoid", loss="mse", notation="augmented")


def writer(derivation: Derivation) -> Writer:
    """The letters; the error signal of the last layer has the first colour, that before it the second, and so on."""
    depth = derivation.network.depth
    colours = {derivation.network.array("delta", layer): depth - layer + 1 for layer in range(1, depth + 1)}
    return Writer(derivation, "augmented", colours=colours, colour_adjoints=True)


def tell(page: Page) -> None:
    """Forward, backward with colours, the recursion that they show, the loop, the cost."""
    derivation, subject = derived(*WIDTHS), about(*WIDTHS)
    _forward(page, derivation, subject)
    _lists(page, derivation, subject)
    _names(page, derivation, subject)
    _recursion(page, derivation, subject)
    _wider(page, derived(*WIDER), about(*WIDER))
    page.section("The same as a loop")
    page.say("Three lines do it: where to start, how to go back a layer, and what the gradient of a layer is.")
    page.code(PROGRAM, "It runs alone, and compares every entry with central differences.")
    cost(page)


def _forward(page: Page, derivation: Derivation, subject: Subject) -> None:
    page.section("Forward, entry by entry")
    page.say(
        "The inputs of every layer get a 1 appended, and the last column of its weights multiplies that 1: so a bias "
        "is a weight like any other. {w} leads from {k} to {j}, from layer {l} on.",
        w="${}^{l}w^{k}_{j}$",
        k="$k$",
        j="$j$",
        l="$l$",
    )
    page.figure(
        network_figure(derivation.network, Writer(derivation, "augmented")),
        "The network 2-3-2-1; the 1 above a layer is what is appended to it.",
        "Two inputs, hidden layers of three and of two neurons, one output; a 1 is joined to each layer but the input.",
    )
    for layer in range(1, derivation.network.depth + 1):
        _shown(page, derivation, subject, derivation.definitions("z", layer))
        _shown(page, derivation, subject, derivation.definitions("a", layer))
    _shown(page, derivation, subject, derivation.definitions("E"))


def _lists(page: Page, derivation: Derivation, subject: Subject) -> None:
    page.section("Backward, entry by entry")
    page.say(
        "How does each weight change the error? The chain rule gives for the last layer what the output changes, the "
        "slope of the activation, and what the weight multiplies:"
    )
    depth = derivation.network.depth
    for formula in spelled(derivation, depth):
        page.derived(formula, subject)
    page.say(
        "The factor in {colour} is the same in all of them. One layer back it stands again, in every line, with a "
        "weight and a slope behind it:",
        colour=Tinted("this colour", "bp1"),
    )
    for formula in spelled(derivation, depth - 1):
        page.derived(formula, subject)


def _names(page: Page, derivation: Derivation, subject: Subject) -> None:
    page.section("What recurs gets a name")
    page.say(
        "What every line of a layer takes from the line above is called {psi}, one for each neuron:", psi=r"$\psi$"
    )
    depth = derivation.network.depth
    for layer in (depth, depth - 1):
        _shown(page, derivation, subject, derivation.entries("delta", layer))
    page.say("Another layer back both of these recur, and the paths through both neurons are added:")
    _shown(page, derivation, subject, derivation.entries("delta", depth - 2))
    page.say("With these names all lists of derivatives are short. Each column is what a weight multiplies:")
    for layer in range(depth, 0, -1):
        _table(page, derivation, subject, layer)


def _recursion(page: Page, derivation: Derivation, subject: Subject) -> None:
    page.section("The recursion")
    page.say("The colours say how to go on, however deep the network is. Start at the last layer:")
    letters, depth = writer(derivation), derivation.network.depth
    page.derived(letters.box(derivation.matrix("delta", depth)), subject, "what the output changes, times the slope")
    page.say("The gradient of a layer is its {psi}, times its inputs as a row:", psi=r"$\psi$")
    for layer in range(depth, 0, -1):
        page.derived(letters.box(derivation.matrix("W", layer)), subject)
    page.say(
        "To go back a layer, multiply by its weights without the column of the biases, for no neuron of the layer "
        "before feeds the appended 1; then, row by row, by the slope:"
    )
    for layer in range(depth - 1, 0, -1):
        page.derived(letters.box(derivation.matrix("delta", layer)), subject)
    page.say("For the sigmoid the slope needs nothing but what the way forward has left:")
    _shown(page, derivation, subject, derivation.slope_entries(depth))


def _wider(page: Page, derivation: Derivation, subject: Subject) -> None:
    page.section("One neuron more: 2-3-3-1")
    page.say("The second hidden layer now has three neurons: a line more in every list, a path more in every sum.")
    for layer in range(derivation.network.depth, 0, -1):
        _shown(page, derivation, subject, derivation.entries("delta", layer))
    _table(page, derivation, subject, derivation.network.depth - 1)
    page.say("Written for whole layers, nothing has changed at all:")
    for role, layer in (("delta", 3), ("delta", 2), ("delta", 1), ("W", 3), ("W", 2), ("W", 1)):
        page.derived(writer(derivation).box(derivation.matrix(role, layer)), subject)


def _shown(page: Page, derivation: Derivation, subject: Subject, pairs: Iterable[tuple[Any, Any]]) -> None:
    for left, right in pairs:
        page.derived(writer(derivation).box(Equation(left, right)), subject)


def _table(page: Page, derivation: Derivation, subject: Subject, layer: int) -> None:
    """The derivatives by all weights of a layer, where these stand in their matrix."""
    letters, inputs = writer(derivation), derivation.network.array("a", layer - 1)
    columns = derivation.network.widths[layer - 1]
    assert isinstance(columns, int)
    pairs = weights(derivation, layer)
    page.checks += [claimed(subject, latex(letters.box(Equation(*pair))), True)[0] for pair in pairs]
    cells = [letters.box(right) for _, right in pairs]
    page.table(
        [*(letters.box(inputs[place]) for place in range(1, columns + 1)), "1"],
        [cells[at : at + columns + 1] for at in range(0, len(cells), columns + 1)],
        "The entries of {gradient}: a row for each neuron that the weights lead to.",
        gradient=left_of(letters.box(derivation.matrix("W", layer))),
    )


def weights(derivation: Derivation, layer: int) -> list[tuple[Any, Any]]:
    """The entries of ∂E/∂W̄, row by row, that by the appended 1 last in its row."""
    rows, columns = derivation.network.widths[layer], derivation.network.widths[layer - 1]
    plain, biases = derivation.entries("W", layer), derivation.entries("b", layer)
    assert isinstance(rows, int) and isinstance(columns, int)
    return [one for row in range(rows) for one in (*plain[row * columns : (row + 1) * columns], biases[row])]


def left_of(equation: Box) -> Box:
    """The left side."""
    left = lines(equation)[0].lhs
    assert left is not None
    return left


def spelled(derivation: Derivation, layer: int) -> list[Box]:
    """The entries of ∂E/∂W̄ with ψ of the last layer written out, in its colour."""
    letters, last = writer(derivation), derivation.network.depth
    known = {letters.box(name): letters.box(value) for name, value in derivation.entries("delta", last)}
    own = {name: letters.box(value) for name, value in derivation.entries("delta", layer)}
    found: list[Box] = []
    for left, right in weights(derivation, layer):
        name = next(one for one in own if right.has(one))
        begin = _spelled(own[name], known) if layer < last else Coloured(own[name], 1)
        inputs = right / name
        whole = begin if inputs == 1 else Row((begin, letters.box(inputs)))
        found.append(Row((left_of(letters.box(Equation(left, right))), Glyph("=", "relation"), whole)))
    return found


def _spelled(box: Box, known: dict[Box, Box]) -> Box:
    """A product with each coloured name of `known` as what it stands for, in its colour, and in front: it may begin
    with a number."""
    match box:
        case Coloured(_, colour) if box in known:
            return Coloured(known[box], colour)
        case Row(items, tight):
            front = sorted(items, key=lambda one: one not in known)
            return Row(tuple(_spelled(one, known) for one in front), tight)
        case _:
            return box
