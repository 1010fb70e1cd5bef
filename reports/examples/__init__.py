"""The worked systems, one row each; a row's module tells it, with numbers, figures and claims that check themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.examples.page import Page


@dataclass(frozen=True)
class Example:
    """A row: `about` is one line for a list; the module is called as the example, and its `tell(page)` writes it."""

    name: str
    title: str
    about: str

    def tell(self, page: Page) -> None:
        """Writes the report; imported only now, since each example has its own needs."""
        teller: Callable[[Page], None] = import_module(f"{__name__}.{self.name.replace('-', '_')}").tell
        teller(page)


_ROWS = (
    Example("perceptron", "Perceptrons", "NAND with one, XOR with two layers, and why one is not enough"),
    Example("curves", "Slopes of curves", "valleys, hills and partial derivatives"),
    Example("activations", "Activations", "formula, slope, asymptotes, inflection and a picture of each"),
    Example("losses", "Losses", "formula, gradient and a picture of each"),
    Example("scaling", "Data, described and scaled", "estimates of twelve flats, and three scalings"),
    Example("descent", "Descent on f(x, y) = x + y", "a plane has no lowest point"),
    Example("rent", "A line through rents", "batch, mini-batch and stochastic descent, side by side"),
    Example("chain", "A chain of three nodes", "local derivatives multiply"),
    Example("network", "The network 3-4-3-2", "every letter, what changes what, BP1 to BP4, BP2 in three ways"),
    Example("one-neuron", "One neuron, one vector", "gradient, rates, momentum and its relatives, many starts"),
    Example("recursion", "A deep small network", "biases appended: what recurs, in colour, and what it saves"),
    Example("digits", "Handwritten digits", "784-100-40-10 after Nielsen: shapes of one pass, mini-batches, epochs"),
    Example("logistic", "Logistic regression", "by formula, and by blocks up and down"),
    Example("tanh-softmax", "tanh, then softmax", "gradients by Jacobians, and two slips of a text"),
)
EXAMPLES = {row.name: row for row in _ROWS}
