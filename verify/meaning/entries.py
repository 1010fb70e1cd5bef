"""Entries of what definitions define: their names, how arrays of them lie, and that none is defined by itself."""

from __future__ import annotations

from collections.abc import Callable

from verify.graph.adjoints import leaves_of
from verify.graph.nodes import Graph, Node
from verify.latex import Unreadable
from verify.latex import tree as t
from verify.meaning.arrays import Tensor
from verify.meaning.roles import spelling


def spelling_of(node: t.Node) -> str:
    """The name of a bare letter."""
    return spelling(node) if isinstance(node, t.Letter) else ""


def lying(graph: Graph, shape: tuple[int, ...], entry: Callable[[tuple[int, ...]], Node]) -> Tensor:
    """An array; with one axis, a column."""
    if len(shape) == 1:
        return Tensor(graph, (shape[0], 1), lambda place: entry(place[:1]))
    return Tensor(graph, shape, entry)


def label(name: str, place: tuple[int, ...]) -> str:
    """x_{2}, P_{1,2}."""
    scripts = ",".join(str(one + 1) for one in place)
    if name.endswith("}") and "_{" in name:
        return f"{{{name}}}_{{{scripts}}}"
    return f"{name}_{{{scripts}}}"


def acyclic(graph: Graph, program: list[Node]) -> None:
    """Raises where a quantity is defined by itself, over however many others."""
    state: dict[Node, int] = {}
    for start in program:
        waiting: list[tuple[Node, bool]] = [(start, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                state[node] = 2
            elif state.get(node) == 1:
                raise Unreadable(f"{node.value} is defined by itself", 0, 0)
            elif node not in state:
                state[node] = 1
                waiting.append((node, True))
                below = [leaf for leaf in leaves_of(graph.body(node)) if leaf.kind == "named"]
                if any(state.get(leaf) == 1 for leaf in below):
                    raise Unreadable(f"{node.value} is defined by itself", 0, 0)
                waiting.extend((leaf, False) for leaf in below if leaf not in state)
