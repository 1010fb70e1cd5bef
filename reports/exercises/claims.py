"""What a derivation claims, as formulas that the checker can be asked about: each with a name and the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.emit.plain import plain
from derive.formula import Writer
from derive.network import Network
from derive.tables.notations import NOTATIONS
from reports.selfcheck.subjects import of_network

LARGEST = 5  # wider layers are asked about with letters for their widths: the formula then is about every width
MOST_LAYERS = 5
TAIL = 3  # of a deeper network only so many last layers are asked about, as a network of their own


@dataclass(frozen=True)
class Claim:
    """A formula in LaTeX, what it is `about` (`∂C/∂w³ matrix`, as the notation writes it), and where it comes from.

    `role` and `layer` are its place in the derivation, `form` is `index` or `matrix`.
    """

    about: str
    formula: str
    role: str
    layer: int
    form: str


def claims(derivation: Derivation, notation: str) -> Iterator[Claim]:
    """The error signals and gradients in index and matrix form, the loss's end first."""
    writer = Writer(derivation, notation)
    for layer in layers_shown(derivation.network):
        for role in ("delta", "W", "b"):
            if not derivation.has(role, layer) or (role == "W" and _stacked(derivation.network, layer)):
                continue
            name = plain(writer.box(derivation.matrix(role, layer).lhs))
            for form, view in (("index", derivation.index), ("matrix", derivation.matrix)):
                yield Claim(f"{name} {form}", latex(writer.box(view(role, layer))), role, layer, form)


def _stacked(network: Network, layer: int) -> bool:
    """Whether the matrix form speaks of [W b], for which the checker has no letter."""
    return network.stack[layer - 1].bias == "appended"


def layers_shown(network: Network) -> list[int]:
    """All layers, the last first; of a deep network the last three."""
    every = list(range(network.depth, 0, -1))
    return every if network.depth <= MOST_LAYERS else every[:TAIL]


def question(derivation: Derivation, notation: str) -> dict[str, Any]:
    """The fields of a checker's record that say what a formula is about; all but `id` and `formula`."""
    network = derivation.network
    fields = of_network(derivation, notation).fields
    before = network.depth - len(layers_shown(network))
    biases = fields["bias"][before:]
    return {
        **fields,
        "layers": _layers(network, fields["layers"], before),
        "activations": fields["activations"][before:],
        "bias": biases if len(set(biases)) > 1 else biases[0],
        **({"first_layer": NOTATIONS[notation].first + before} if before else {}),
    }


def _layers(network: Network, told: list[Any], before: int) -> list[Any]:
    """The widths from a layer on, or that a layer has only a bias; letters for the widths where one is large."""
    shown = [network.widths[before], *told[before + 1 :]]
    large = any(isinstance(width, int) and width > LARGEST for width in network.widths[before:])
    letters = [width if isinstance(width, dict) else f"n_{before + place}" for place, width in enumerate(shown)]
    return letters if large else shown
