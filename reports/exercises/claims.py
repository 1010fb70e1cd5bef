"""What a derivation claims, as formulas that the checker can be asked about: each with a name and the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.formula import Writer
from derive.linear import Letter
from derive.network import Layer, Network
from derive.tables.notations import NOTATIONS

LARGEST = 5  # wider layers are asked about with letters for their widths: the formula then is about every width
MOST_LAYERS = 5
TAIL = 3  # of a deeper network only so many last layers are asked about, as a network of their own
OWN = "nielsen"  # the notation of a network with bias-only layers, whose definitions the checker is told


@dataclass(frozen=True)
class Claim:
    """A formula in LaTeX, what it is `about` (`W2 matrix`: role, layer, form), and its place in the derivation."""

    about: str
    formula: str
    role: str
    layer: int


def claims(derivation: Derivation, notation: str) -> Iterator[Claim]:
    """The error signals and gradients in index and matrix form, the loss's end first."""
    writer = Writer(derivation, notation)
    for layer in layers_shown(derivation.network):
        for role in ("delta", "W", "b"):
            if not derivation.has(role, layer) or (role == "W" and _stacked(derivation.network, layer)):
                continue
            for form, view in (("index", derivation.index), ("matrix", derivation.matrix)):
                yield Claim(f"{role}{layer} {form}", latex(writer.box(view(role, layer))), role, layer)


def _stacked(network: Network, layer: int) -> bool:
    """Whether the matrix form speaks of [W b], for which the checker has no letter."""
    return network.stack[layer - 1].bias == "appended"


def layers_shown(network: Network) -> list[int]:
    """All layers, the last first; of a deep network the last three."""
    every = list(range(network.depth, 0, -1))
    return every if network.depth <= MOST_LAYERS else every[:TAIL]


def told_by_definitions(network: Network) -> bool:
    """Whether the checker must be told the definitions, since it has no name for a layer with only a bias."""
    return any(layer.bias_only for layer in network.stack)


def notation_for(network: Network, notation: str) -> str:
    """The notation in which questions about a network are asked."""
    return OWN if told_by_definitions(network) else notation


def question(derivation: Derivation, notation: str) -> dict[str, Any]:
    """The fields of a checker's record that say what a formula is about; all but `id` and `formula`."""
    network = derivation.network
    if told_by_definitions(network):
        return _definitions(derivation, notation)
    before = network.depth - len(layers_shown(network))
    stack = network.stack[before:]
    first = {"first_layer": NOTATIONS[notation].first + before} if before else {}
    return {
        "layers": _widths(network, before),
        "activations": [_activation(layer) for layer in stack],
        "loss": network.loss,
        "bias": any(layer.bias != "none" for layer in stack),
        "notation": notation,
        **first,
    }


def _widths(network: Network, before: int) -> list[int | str]:
    """The widths from a layer on; letters where one of them is large."""
    shown = network.widths[before:]
    large = any(isinstance(width, int) and width > LARGEST for width in shown)
    return [f"n_{before + place}" for place in range(len(shown))] if large else list(shown)


def _activation(layer: Layer) -> Any:
    constants = dict(layer.constants)
    return {"name": layer.activation, **constants} if constants else layer.activation


def _definitions(derivation: Derivation, notation: str) -> dict[str, Any]:
    """The forward pass, the names of the error signals, and the shapes, as definitions."""
    network, writer = derivation.network, Writer(derivation, notation)
    given = [
        latex(writer.box(derivation.forward(role, layer))) for layer in range(1, network.depth + 1) for role in "za"
    ]
    given.append(latex(writer.box(derivation.definition("E").claim)))
    loss = latex(writer.box(derivation.program.target))
    for layer in range(network.depth, 0, -1):
        name = derivation.name("z", layer)
        if name is not None:
            by = latex(writer.box(Letter(network.array("z", layer))))
            given.append(rf"{latex(writer.box(Letter(name)))} = \frac{{\partial {loss}}}{{\partial {by}}}")
    arrays = (*network.parameters, network.array("x", 0), network.array("y", network.depth))
    shapes = {latex(writer.box(Letter(one))): [str(space.size) for space in one.spaces] for one in arrays}
    facts = [latex(writer.box(fact)) for fact in derivation.program.facts]
    return {"given": given, "shapes": shapes, "assume": facts}
