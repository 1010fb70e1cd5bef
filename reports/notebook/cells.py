"""The code cells of a derivation's notebook: build it, show it, prove it, run it, check a formula of one's own.

Everything that comes from a user is written as a Python literal.
"""

from __future__ import annotations

import itertools
from pprint import pformat
from typing import Any

from derive.network import Network
from reports.given.asked import Asked
from reports.notebook.printer import OPENING, Cells
from verify.examination import Examination

MOST_NUMBERS = 400  # a point with more numbers is drawn again rather than written out
MOST_STEPS = 6
MOST_CHECKED = 2_000  # parameters of a network about which a formula is checked in a notebook


def network_cells(examination: Examination, notation: str) -> Cells:
    """The cells of a network's derivation, by the sections of its chapter."""
    network = examination.derivation.network
    cells = {
        OPENING: [
            "# In an environment in which Backproof is installed; run every cell from top to bottom.\n" + _IMPORTS
        ],
        "network": [_network(network)],
        "derivation": ["d = Derivation(net)\nd", "report = recheck(d)\nprint(report.steps, 'steps, each rechecked')"],
        "layer-0": [_STEPS.format(count=MOST_STEPS, notation=notation)],
        "result": [_RESULT.format(notation=notation)],
        "numbers": [_point(examination), _ENGINE],
        "check": ["examine(d, point)"],
        "program": ["engine"],
    }
    asked = _asked(network)
    if asked:
        cells["result"] += [one.format(notation=notation, asked=asked) for one in (_CHECK, _MISTAKEN)]
    return cells


_IMPORTS = """\
from derive import Derivation, Network
from derive.latex import latex
from reports.notebook import formulas
from verify import Engine, Point, check, examine, recheck"""

_STEPS = """\
# The first steps after the definitions, each with its rule.
chain = [step for step in d.steps if step.rule not in ("definition", "assumption")]
formulas(chain[:{count}], d, "{notation}")"""

_RESULT = """\
# Every claim as an object: weight layers count from 1, whatever the notation prints.
claims = [
    d.matrix(role, layer) for layer in range(net.depth, 0, -1) for role in ("delta", "W", "b") if d.has(role, layer)
]
formulas(claims, d, "{notation}")"""

_CHECK = """\
# A formula of one's own is checked: here the right one.
role = "delta" if d.has("delta", 1) else "W"
formula = latex(d.matrix(role, 1), d, "{notation}")
about = {asked}
check(formula, notation="{notation}", **about)"""

_MISTAKEN = """\
# And one with a mistake.
left, right = formula.split("=", 1)
check(left + "= 2 (" + right + ")", notation="{notation}", **about)"""

_ENGINE = """\
engine = Engine(d)
loss, gradients = engine({"W": point.W, "b": point.b, "constants": point.constants}, point.x, point.y)
print("loss", loss)
gradients"""


def _literal(thing: Any) -> str:
    return pformat(thing, width=100, sort_dicts=False)


def _network(network: Network) -> str:
    layers: list[Any] = [network.inputs]
    layers += [{"bias_only": True, "activation": _activation(one)} if one.bias_only else one.width
               for one in network.stack]  # fmt: skip
    activations = [_activation(one) for one in network.stack]
    biases = [one.bias for one in network.stack]
    given = [
        _literal(layers),
        f"activations={_literal(_short(activations))}",
        f"loss={network.loss!r}",
        f"bias={_literal(_short(biases))}",
    ]
    return "net = Network(\n" + "".join(f"    {one},\n" for one in given) + ")\nnet"


def _activation(layer: Any) -> Any:
    return {"name": layer.activation, **dict(layer.constants)} if layer.constants else layer.activation


def _short(each: list[Any]) -> Any:
    """One for all where all are the same."""
    return each[0] if all(one == each[0] for one in each) else each


def _asked(network: Network) -> str:
    """The arguments of `check` for a network; nothing for one that it cannot be asked about, or that is large."""
    biases = {one.bias for one in network.stack}
    if len(biases) > 1 or biases == {"appended"} or any(one.bias_only for one in network.stack):
        return ""
    if sum(_weights(network)) > MOST_CHECKED:
        return ""
    about = {
        "layers": list(network.widths),
        "activations": [_activation(one) for one in network.stack],
        "loss": network.loss,
        "bias": biases == {"separate"},
    }
    return _literal(about)


def _weights(network: Network) -> list[int]:
    widths = [width if isinstance(width, int) else 1 for width in network.widths]
    return [to * before for before, to in itertools.pairwise(widths)]


def _point(examination: Examination) -> str:
    """The example's numbers as they were; of a large network a point of its own."""
    if sum(_weights(examination.derivation.network)) > MOST_NUMBERS:
        return "# So many numbers are not written out: another point, from a seed.\npoint = Point.random(net, seed=1)"
    return f"point = Point.from_json(net, {_literal(examination.point.to_json())})"


# Programs


def program_cells(asked: Asked, notation: str) -> Cells:
    """The cells of a derivation from definitions, by the sections of its chapter."""
    shapes = {name: list(sizes) for name, sizes in asked.shapes.items()}
    read = [
        "read = program_read(",
        f"    {_literal(list(asked.given))},",
        f"    {_literal(shapes)},",
        f"    {_literal(list(asked.wrt))},",
        f"    {_literal(list(asked.assumed))},",
        ")",
        "read.shapes",
    ]
    return {
        OPENING: [
            "# In an environment in which Backproof is installed; run every cell from top to bottom.\n" + _PROGRAM
        ],
        "given": ["\n".join(read)],
        "derivation": ["d = Derivation(read.program)\nd"],
        "result": [_ALL.format(notation=notation)],
        "numbers": ["examination = examined(d)\nfor row in examination.rows:\n    print(row)\nexamination.holds"],
    }


_PROGRAM = """\
from derive import Derivation
from reports.notebook import formulas
from verify.programs.examined import examined
from verify.programs.reading import program_read"""

_ALL = """formulas(d.steps, d, "{notation}")"""
