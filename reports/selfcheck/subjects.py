"""What the formulas of each kind of report are about: a network at its point, definitions, a training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from derive.derivation import Derivation
from derive.emit.latex import latex
from derive.formula import Writer
from derive.layout import Box
from derive.linear import Letter
from derive.network import Layer, Network
from derive.second import HessianVector
from derive.symbols import Array, Scalar
from derive.tables.notations import NOTATIONS
from reports.selfcheck.checks import Subject
from verify.oracles import Point


def of_network(derivation: Derivation, notation: str = "nielsen", point: Point | None = None) -> Subject:
    """A network in a notation, at a point where the report has numbers."""
    writer, network = Writer(derivation, notation), derivation.network
    fields = _layered(network, notation)
    own = any(one != fields["activations"][0] for one in fields["activations"])
    if point is None:
        return Subject(fields, own_letters=own)
    parameters = tuple(latex(writer.box(Letter(one))) for one in network.parameters)
    sizes = {str(letter): width for letter, width in derivation.network.sizes.items()}
    loss = latex(writer.box(derivation.program.target))
    return Subject(fields, _placed(derivation, writer, point), parameters, loss, sizes=sizes, own_letters=own)


def of_definitions(
    given: tuple[str, ...], shapes: Mapping[str, Any], assumed: tuple[str, ...] = (), layout: str = "denominator"
) -> Subject:
    """Definitions in LaTeX as they were typed, with the shapes that were found."""
    stated = {name: list(sizes) for name, sizes in shapes.items()}
    return Subject({"given": list(given), "shapes": stated, "assume": list(assumed), "layout": layout})


def _layered(network: Network, notation: str) -> dict[str, Any]:
    return {
        "layers": [network.inputs, *({"bias_only": True} if one.bias_only else one.width for one in network.stack)],
        "activations": [_activation(layer) for layer in network.stack],
        "loss": network.loss,
        "bias": [layer.bias != "none" for layer in network.stack],
        "notation": notation,
    }


def _activation(layer: Layer) -> Any:
    constants = dict(layer.constants)
    return {"name": layer.activation, **constants} if constants else layer.activation


def _free(network: Network) -> tuple[Array, ...]:
    """The arrays that nothing defines."""
    return (*network.parameters, network.array("x", 0), network.array("y", network.depth))


def _placed(derivation: Derivation, writer: Writer, point: Point) -> dict[str, Any]:
    """The numbers of every free array and constant, by its LaTeX."""
    network = derivation.network
    found: dict[str, Any] = {}
    for array in _free(network):
        found[latex(writer.box(Letter(array)))] = _numbers(network, array, point)
    letters = {one for layer in network.stack for one in layer.arguments() if isinstance(one, Scalar)}
    found |= {latex(writer.box(one)): point.constants[str(one)] for one in letters if str(one) in point.constants}
    return found


def _numbers(network: Network, array: Array, point: Point) -> Any:
    """The numbers of an array; a bias that is appended to its weights stands in their last column."""
    if array.role in ("x", "y"):
        return getattr(point, array.role)
    matrix, shift = point.W[array.layer - 1], point.b[array.layer - 1]
    if network.stack[array.layer - 1].bias == "appended" and matrix is not None:
        matrix, shift = matrix[:, :-1], matrix[:, -1]
    return matrix if array.role == "W" else shift


def of_second(second: HessianVector, notation: str, given: Subject | None = None) -> Subject:
    """The R-equations of a network, or of definitions, whose subject is `given`."""
    derivation = second.derivation
    writer = Writer(derivation, notation)
    letters = {latex(_whole(writer, made)): latex(_whole(writer, of)) for of, made in second.directions.items()}
    if given is None:
        row = NOTATIONS[notation]
        found = of_network(derivation, notation)
        return replace(found, moved={"V": row.weight.letter, "v": row.bias.letter})
    shapes = given.fields["shapes"]
    more = {made: shapes[of] for made, of in letters.items() if of in shapes}
    return replace(given, fields={**given.fields, "shapes": {**shapes, **more}}, moved=letters)


def _whole(writer: Writer, thing: Any) -> Box:
    return writer.box(Letter(thing) if isinstance(thing, Array) else thing)
