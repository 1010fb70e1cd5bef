"""Functions of whole arrays: softmax, diag, trace, determinant, extremes, means, by their word in lower case."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from verify.graph.nodes import Graph, Node
from verify.meaning import arrays
from verify.meaning.arrays import ShapeError, Tensor


def softmax(graph: Graph, given: list[Tensor]) -> Tensor:
    """Over a vector, or over each row of a matrix."""
    value = given[0]
    if value.vector or value.scalar:
        whole = graph.sum(graph.exp(one) for one in arrays.entries(value))
        return arrays.each(lambda u: graph.exp(u) / whole, value)
    rows = [graph.sum(graph.exp(value[i, j]) for j in range(value.sizes[1])) for i in range(value.sizes[0])]
    return Tensor(graph, value.shape, lambda place: graph.exp(value[place]) / rows[place[0]])


def _extreme(pick: Callable[[Graph, Node, Node], Node]) -> Callable[[Graph, list[Tensor]], Tensor]:
    def whole(graph: Graph, given: list[Tensor]) -> Tensor:
        if len(given) == 1:
            return arrays.number(reduce(lambda a, b: pick(graph, a, b), arrays.entries(given[0])))
        return reduce(lambda a, b: arrays.each(lambda u, v: pick(graph, u, v), a, b), given)

    return whole


def _mean(graph: Graph, given: list[Tensor]) -> Tensor:
    items = arrays.entries(given[0])
    return arrays.number(graph.sum(items) / len(items))


def _variance(graph: Graph, given: list[Tensor]) -> Tensor:
    items = arrays.entries(given[0])
    mean = graph.sum(items) / len(items)
    return arrays.number(graph.sum((one - mean) ** 2 for one in items) / len(items))


def _log_sum_exp(graph: Graph, given: list[Tensor]) -> Tensor:
    return arrays.number(graph.log(graph.sum(map(graph.exp, arrays.entries(given[0])))))


def _normalised(graph: Graph, given: list[Tensor], centred: bool) -> Tensor:
    r"""(x − μ)/√(σ² + ε), or x/√(mean of x² + ε), scaled and shifted where γ and β are given; of a matrix each row.

    ε is the letter \epsilon, as in the definitions that `derive` differentiates (Ba, Kiros, Hinton 2016, eqs. 3, 4).
    """
    value = given[0]
    if value.scalar or len(given) > 3:
        raise ShapeError("a normalisation", value.shape)
    rows = [list(value.places())]
    if not value.vector:
        rows = [[place for place in rows[0] if place[0] == row] for row in range(value.sizes[0])]
    hat: dict[tuple[int, ...], Node] = {}
    for row in rows:
        mean = graph.sum(value[place] for place in row) / len(row) if centred else graph.zero
        square = graph.sum((value[place] - mean) ** 2 for place in row) / len(row)
        root = graph.root(square + graph.atom(EPSILON))
        hat |= {place: (value[place] - mean) / root for place in row}
    found = Tensor(graph, value.shape, lambda place: hat[place])
    for put, one in zip((arrays.hadamard, arrays.plus), given[1:], strict=False):
        found = put(_by_column(one, found), found)
    return found


def _by_column(one: Tensor, like: Tensor) -> Tensor:
    """γ and β of a matrix: one number for each of its columns."""
    if one.scalar or like.vector or not one.vector or arrays.flat_size(one) != like.sizes[1]:
        return one
    items = arrays.flat(one)
    return Tensor(like.graph, like.shape, lambda place: items[place[1]])


EPSILON = r"\epsilon"
"""The letter of the small number under the root of a normalisation."""

WHOLE: dict[str, Callable[[Graph, list[Tensor]], Tensor]] = {
    "softmax": softmax,
    "diag": lambda graph, given: arrays.diagonal(given[0]),
    "tr": lambda graph, given: arrays.trace(given[0]),
    "trace": lambda graph, given: arrays.trace(given[0]),
    "det": lambda graph, given: arrays.number(arrays.determinant(given[0])),
    "logdet": lambda graph, given: arrays.number(graph.log(arrays.determinant(given[0]))),
    "vec": lambda graph, given: arrays.column(graph, arrays.entries(arrays.transpose(given[0]))),
    "max": _extreme(lambda graph, a, b: graph.maximum(a, b)),
    "min": _extreme(lambda graph, a, b: -graph.maximum(-a, -b)),
    "mean": _mean,
    "var": _variance,
    "sum": lambda graph, given: arrays.number(graph.sum(arrays.entries(given[0]))),
    "logsumexp": _log_sum_exp,
    "lse": _log_sum_exp,
    "layernorm": lambda graph, given: _normalised(graph, given, True),
    "rmsnorm": lambda graph, given: _normalised(graph, given, False),
}
"""Functions of whole arrays, by their word in lower case."""

SEVERAL = frozenset(("max", "min", "layernorm", "rmsnorm"))
"""Those of several arguments."""


def _dot(a: Tensor, b: Tensor) -> Tensor:
    """a · b: the product, or for two vectors that only fit so their inner product."""
    try:
        return arrays.times(a, b)
    except ShapeError:
        if a.vector and b.vector and a.shape == b.shape and not (a.between or b.between):
            return arrays.inner(a, b)
        raise


PRODUCTS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "": arrays.times,
    r"\times": arrays.times,
    r"\cdot": _dot,
    r"\odot": arrays.hadamard,
    r"\circ": arrays.hadamard,
    "*": arrays.hadamard,
    r"\oslash": arrays.over,
    r"\otimes": arrays.outer,
}
"""What each sign between two factors does."""
