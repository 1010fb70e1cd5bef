"""The expression type of the generator: what a formula says before anybody spells it.

It knows nothing of LaTeX, and shares no code with `derive` or `verify`.  Roles are W, b, a (a of layer 0 is the input),
z, delta, y and E; weight layers are numbered from 1 here, whatever a notation makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

At = int | str


@dataclass(frozen=True)
class Layer:
    """A number of a layer: 2, l + 1 or L - 1."""

    letter: str = ""
    offset: int = 0

    def moved(self, by: int) -> Layer:
        """The layer that is `by` further on."""
        return Layer(self.letter, self.offset + by)


@dataclass(frozen=True)
class Node:
    """Any expression."""


@dataclass(frozen=True)
class Num(Node):
    """A rational number; `decimal` says that it is written 0.1."""

    value: Fraction
    decimal: bool = False


@dataclass(frozen=True)
class Const(Node):
    """A letter for a number: a constant of an activation, by its LaTeX."""

    name: str


@dataclass(frozen=True)
class Ref(Node):
    """A quantity: an entry, or with no indices the whole array.  Where the world is no network, `layer` is None."""

    role: str
    layer: Layer | None = None
    at: tuple[At, ...] = ()


@dataclass(frozen=True)
class Scalar(Ref):
    """A quantity without axes, in a system of definitions."""


@dataclass(frozen=True)
class Size(Node):
    """The number of neurons of an activation layer, or a size by its name."""

    space: Layer | str


@dataclass(frozen=True)
class Sum(Node):
    """The sum over a letter; `limits` says that its range is written."""

    letter: str
    space: Layer | str
    body: Node
    limits: bool = False


@dataclass(frozen=True)
class Add(Node):
    """A sum of terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Neg(Node):
    """−body."""

    body: Node


@dataclass(frozen=True)
class Mul(Node):
    """A product, of matrices where the factors are; the order counts."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Had(Node):
    """The elementwise product."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Over(Node):
    """The elementwise quotient of arrays."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Div(Node):
    """A quotient whose divisor is a scalar."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Pow(Node):
    """A scalar to a rational power."""

    base: Node
    exponent: Fraction


@dataclass(frozen=True)
class Tr(Node):
    """The transpose."""

    body: Node


@dataclass(frozen=True)
class Diag(Node):
    """The diagonal matrix of a vector."""

    body: Node


@dataclass(frozen=True)
class Outer(Node):
    """left ⊗ right = left rightᵀ."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Dot(Node):
    """⟨left, right⟩ of two vectors."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Norm(Node):
    """The Euclidean length of a vector."""

    body: Node


@dataclass(frozen=True)
class Trace(Node):
    """tr(body)."""

    body: Node


@dataclass(frozen=True)
class Fn(Node):
    """exp, log, tanh, cosh, sqrt, erf, abs or sign, entry by entry."""

    name: str
    arg: Node


@dataclass(frozen=True)
class Act(Node):
    """σ(arg) of a weight layer."""

    layer: Layer
    arg: Node


@dataclass(frozen=True)
class Slope(Node):
    """σ′(arg) of a weight layer."""

    layer: Layer
    arg: Node


@dataclass(frozen=True)
class D(Node):
    """The derivative of one quantity by another."""

    of: Ref
    by: Ref


@dataclass(frozen=True)
class Kron(Node):
    """1 where the two indices are the same, else 0."""

    left: At
    right: At


@dataclass(frozen=True)
class Choose(Node):
    """`yes` where left > right, else `no`; `brief` says that 1 and 0 are written as an indicator."""

    left: Node
    right: Node
    yes: Node
    no: Node
    brief: bool = False


@dataclass(frozen=True)
class Tag(Node):
    """Its body, marked: `slope` is a closed form of σ′, `loss` the loss's derivative, `path` a sum of paths."""

    kind: str
    body: Node
    layer: Layer | None = None


ZERO, ONE, TWO = (Num(Fraction(n)) for n in (0, 1, 2))
LOSS = Ref("E")
Path = tuple[tuple[str, int], ...]


def number(value: Any, decimal: bool = False) -> Num:
    """A rational number; a float is meant as its shortest decimal."""
    return Num(Fraction(str(value)), decimal or isinstance(value, float))


def add(*terms: Node) -> Node:
    """A sum; of one term that term, of none 0."""
    return Add(terms) if len(terms) > 1 else terms[0] if terms else ZERO


def mul(*factors: Node) -> Node:
    """A product without factors 1; of none 1."""
    kept = tuple(one for one in factors if one != ONE)
    return Mul(kept) if len(kept) > 1 else kept[0] if kept else ONE


def had(*factors: Node) -> Node:
    """An elementwise product; of one factor that factor."""
    return Had(factors) if len(factors) > 1 else factors[0]


def minus(left: Node, right: Node) -> Node:
    """left − right."""
    return Add((left, Neg(right)))


def parts(node: Node) -> Iterator[tuple[tuple[str, int], Node]]:
    """The nodes directly below one, each with its place."""
    for name in _names(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield (name, -1), value
        elif isinstance(value, tuple):
            yield from (((name, n), part) for n, part in enumerate(value) if isinstance(part, Node))


@cache
def _names(kind: type[Node]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def everywhere(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """A node and all below it, with their places; what is differentiated counts as one piece."""
    yield path, node
    if not isinstance(node, D):
        for place, part in parts(node):
            yield from everywhere(part, (*path, place))


def replaced(node: Node, path: Path, new: Node) -> Node:
    """The node with what stands at a place replaced."""
    if not path:
        return new
    (name, n), *rest = path
    value = getattr(node, name)
    below = replaced(value if n < 0 else value[n], tuple(rest), new)
    return replace(node, **{name: below if n < 0 else (*value[:n], below, *value[n + 1 :])})


def at(node: Node, path: Path) -> Node:
    """What stands at a place."""
    for name, n in path:
        value = getattr(node, name)
        node = value if n < 0 else value[n]
    return node


def references(node: Node) -> Iterator[Ref]:
    """Every quantity that occurs, those of derivatives among them."""
    if isinstance(node, Ref):
        yield node
    for _, part in parts(node):
        yield from references(part)


def letters(node: Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """The free index letters."""
    if isinstance(node, Ref):
        return frozenset(one for one in node.at if isinstance(one, str)) - bound
    if isinstance(node, Kron):
        return frozenset(one for one in (node.left, node.right) if isinstance(one, str)) - bound
    inner = bound | {node.letter} if isinstance(node, Sum) else bound
    return frozenset().union(*(letters(part, inner) for _, part in parts(node)))


def renamed(node: Node, names: dict[str, At]) -> Node:
    """The node with free index letters replaced by letters or numbers."""
    if isinstance(node, Ref):
        return replace(node, at=tuple(names.get(one, one) if isinstance(one, str) else one for one in node.at))
    if isinstance(node, Kron):
        return Kron(*(names.get(one, one) if isinstance(one, str) else one for one in (node.left, node.right)))
    if isinstance(node, Sum):
        names = {key: value for key, value in names.items() if key != node.letter}
    for place, part in parts(node):
        node = replaced(node, (place,), renamed(part, names))
    return node


@dataclass(frozen=True)
class Claim:
    """Lines of equations, each a chain of sides; `mode` is how a chain is set: on one line, or aligned."""

    lines: tuple[tuple[Node, ...], ...]
    family: str
    aligned: bool = False

    @property
    def relations(self) -> tuple[tuple[Node, Node], ...]:
        """All pairs of sides that are said to be equal, in reading order."""
        return tuple(pair for line in self.lines for pair in pairwise(line))

    def with_side(self, line: int, side: int, new: Node) -> Claim:
        """The claim with one side replaced."""
        sides = self.lines[line]
        changed = (*sides[:side], new, *sides[side + 1 :])
        return replace(self, lines=(*self.lines[:line], changed, *self.lines[line + 1 :]))
