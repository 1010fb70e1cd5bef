"""A small network that learned the digits, as pictures: its weights, and for one sample its errors and gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.derivation import Derivation
from derive.formula import Writer
from derive.layout import Box
from derive.network import Network
from reports.document import lines
from reports.examples.page import Page
from reports.figures.heat import Heat, heat_maps
from reports.training.curves import described, loss_curves
from verify.training import Plan, Samples, Training, train

WIDTHS = (64, 16, 10)
SIDE = 8
EPOCHS = 20


@dataclass(frozen=True)
class Learned:
    """A training that is over, and one sample of those held out, that with the largest loss."""

    training: Training
    letters: Writer

    @property
    def weights(self) -> list[Any]:
        """W of each layer."""
        return [np.asarray(one) for one in self.training.parameters.arrays["W"]]

    def hardest(self) -> tuple[Any, Any]:
        """The sample (inputs, targets) that is told worst."""
        assert self.training.held is not None
        x, y = self.training.held
        losses = [self.training.engine.loss(self.training.parameters.arrays, *pair) for pair in zip(x, y, strict=True)]
        place = int(np.argmax(losses))
        return x[place], y[place]

    def gradient(self, role: str, layer: int) -> Box:
        """The letter of a gradient, or of an error signal."""
        derivation = self.letters.of
        assert isinstance(derivation, Derivation)
        left = lines(self.letters.box(derivation.matrix(role, layer)))[0].lhs
        assert left is not None
        return left


def learned(samples: Samples) -> Learned:
    """Train a small network, in a second or so."""
    network = Network(list(WIDTHS), "sigmoid", "half-squared-error")
    part, held = samples.split(0.2, seed=0)
    training = Training(Plan(network, "sgd", rate=3.0, epochs=EPOCHS, batch=10), part, held)
    train(training)
    return Learned(training, Writer(training.engine.derivation, "nielsen"))


def pictures(page: Page, samples: Samples) -> None:
    """How it learned, its weights, and one pass of a sample that it finds hard."""
    found = learned(samples)
    page.section("What it learned, as pictures")
    page.say(
        "A network small enough to be seen whole, {widths}, learned the same digits by the derived gradients.",
        widths="-".join(map(str, WIDTHS)),
    )
    page.figure(
        loss_curves(found.training.history),
        "The loss over the epochs, and the share of pictures held out that are told right.",
        described(found.training.history),
    )
    _weights(page, found)
    _sample(page, found)


def _weights(page: Page, found: Learned) -> None:
    first, last = found.weights
    page.say(
        "What does a hidden neuron look at? Each has a weight for each dot, and so its weights are a picture: where it "
        "is red, ink speaks for the neuron, where it is blue, against it."
    )
    page.figure(
        heat_maps([Heat(row.reshape(SIDE, SIDE)) for row in first], cell=2.0),
        "The weights of each of the {count} hidden neurons, laid out like the dots of a picture.",
        "Sixteen squares of eight by eight coloured cells, each with red and blue regions in the form of strokes.",
        count=str(len(first)),
    )
    page.figure(
        heat_maps([Heat(last, found.letters.box(found.training.plan.network.array("W", 2)))], cell=5.0),
        "The weights of the last layer: a row for each digit from 0 to 9, a column for each hidden neuron.",
        "Ten rows and sixteen columns of cells; every row has a few strongly red and strongly blue ones.",
    )


def _sample(page: Page, found: Learned) -> None:
    x, y = found.hardest()
    training = found.training
    _, gradients = training.engine(training.parameters.arrays, x, y)
    page.say(
        "How is it corrected? This is the picture that it finds hardest, a {digit}. The error signals say for each "
        "neuron which way its sum should have been off; a gradient is an error signal times what came in, so its rows "
        "repeat the inputs, stronger or weaker, or turned over.",
        digit=str(int(np.argmax(y))),
    )
    page.figure(
        heat_maps(
            [Heat(np.asarray(x).reshape(SIDE, SIDE).tolist(), found.letters.box(training.plan.network.array("a", 0)))]
        ),
        "The picture: white is paper, red is ink.",
        "Eight by eight cells in which a handwritten digit can be made out.",
    )
    for layer in (2, 1):
        signal = Heat(np.asarray(gradients["b"][layer - 1])[:, None].tolist(), found.gradient("delta", layer))
        slope = Heat(gradients["W"][layer - 1], found.gradient("W", layer))
        page.figure(
            heat_maps([signal, slope], cell=4.0 if layer == 2 else 2.1),
            "The error signal of layer {layer} and the gradient by its weights, for this one picture.",
            "A column of coloured cells and beside it a matrix whose rows repeat one pattern in its strength.",
            layer=str(layer + 1),
        )
