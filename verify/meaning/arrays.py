r"""Arrays of scalars with the algebra of matrices: what fits is computed, what does not raises `ShapeError`.

A vector is a column, n × 1; a scalar has the shape (); a 1 × 1 array is as good as a scalar.  A size None is open: the
1 of \mathbf{1} and the matrix I have as many entries as what they meet (`open_sizes`); where that has too few, `Beyond`
is raised.  Entries are made when somebody asks for them, so that a product of large matrices costs what is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Literal

from verify.graph.nodes import Graph, Node
from verify.meaning.open_sizes import (
    Axis,
    Limit,
    Open,
    Shape,
    Sized,
    Turning,
    axes_of,
    fits,
    joined,
    list_axes,
    met,
    settled,
    unified,
)

__all__ = [
    "Limit", "Place", "Shape", "ShapeError", "Tensor", "column", "determinant", "diagonal", "each", "entries", "flat",
    "flat_size", "hadamard", "identity", "inner", "inverse", "listed", "number", "ones", "outer", "over", "plus",
    "size_text", "times", "trace", "transpose", "unified", "unit", "zeros",
]  # fmt: skip

LARGEST_DETERMINANT = 5

Place = tuple[int, ...]
Kind = Literal["", "matrix", "dot"]


class ShapeError(Exception):
    """Two arrays do not fit; `kind` says in which operation, `shapes` are theirs."""

    def __init__(self, operation: str, *shapes: Shape) -> None:
        super().__init__(operation, *shapes)
        self.operation = operation
        self.shapes = shapes

    def __str__(self) -> str:
        sizes = " and ".join(map(size_text, self.shapes))
        return f"{sizes} {'does' if len(self.shapes) == 1 else 'do'} not fit in {self.operation}"


def size_text(shape: Shape) -> str:
    """3×1, or `a number`."""
    return "×".join("?" if size is None else str(size) for size in shape) if shape else "a number"


class Tensor:
    """An array of nodes; `entry(place)` makes one, places count from 0.

    `between` says that it maps one layer to another: it is a matrix even where it has only one column.  Its transpose
    and its products with others are such by their `kind`; of the kind "dot" is a row times a column, which is a number.
    """

    __slots__ = ("_axes", "_entry", "_known", "_shape", "between", "graph", "kind")

    def __init__(
        self, graph: Graph, shape: Shape | tuple[Axis, ...], entry: Callable[[Place], Node], *, between: bool = False,
        kind: Kind = "",
    ) -> None:  # fmt: skip
        self.between = between
        self.kind: Kind = "matrix" if between else kind
        self.graph = graph
        self._axes = axes_of(shape)
        self._shape: Shape | None = None
        self._entry = entry
        self._known: dict[Place, Node] = {}

    @property
    def shape(self) -> Shape:
        """The sizes of the axes; None while nothing tells one."""
        if self._shape is None:
            shape = Sized.of(self._axes)
            if any(isinstance(one, Open) for one in shape.axes):
                return shape
            self._shape = tuple(shape)
        return self._shape

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes, numbers or open sizes."""
        return tuple(map(settled, self._axes))

    def __getitem__(self, place: Place) -> Node:
        if place not in self._known:
            self._known[place] = self._entry(place)
        return self._known[place]

    @property
    def scalar(self) -> bool:
        """Whether this is one number, with or without axes."""
        return all(size == 1 for size in self.shape)

    @property
    def only(self) -> Node:
        """The one number."""
        return self[(0,) * len(self.shape)]

    @property
    def vector(self) -> bool:
        """Whether this is a column or a row."""
        return len(self.shape) == 2 and 1 in self.shape

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape, which must not be open."""
        if None in self.shape:
            raise Limit("nothing tells the size of an array here")
        return tuple(size for size in self.shape if size is not None)

    def places(self) -> Iterator[Place]:
        """Every place, row by row."""
        return product(*map(range, self.sizes))

    @property
    def matrix(self) -> Tensor:
        """The same with two axes: a number as 1 × 1."""
        if len(self.shape) == 2:
            return self
        if self.shape == ():
            made = Tensor(self.graph, (1, 1), lambda place: self[()])
            made._shape = Sized.of((1, 1), zero=self.only is self.graph.zero)
            return made
        if len(self.shape) == 1:
            return Tensor(self.graph, (*self.axes, 1), lambda place: self[place[:1]])
        raise Limit("arrays with more than two axes are computed by their indices only")


def number(node: Node) -> Tensor:
    """A scalar."""
    return Tensor(node.graph, (), lambda place: node)


def each(function: Callable[..., Node], *arrays: Tensor, what: str = "entry by entry") -> Tensor:
    """A function of the entries of arrays of one shape; scalars stand for every entry."""
    several = [one for one in arrays if not one.scalar]
    axes = several[0].axes if several else max((one.axes for one in arrays), key=len)
    for other in several[1:]:
        together = joined(axes, other.axes)
        if together is None:
            raise ShapeError(what, *(one.shape for one in several))
        axes = together

    def entry(place: Place) -> Node:
        return function(*(one.only if one.scalar else one[place] for one in arrays))

    return Tensor(arrays[0].graph, axes, entry, between=any(one.between for one in arrays), kind=_kind(arrays))


def _kind(arrays: tuple[Tensor, ...]) -> Kind:
    """The kind of what is made of these entry by entry."""
    kinds = {one.kind for one in arrays if one.shape}
    return "matrix" if "matrix" in kinds else "dot" if kinds == {"dot"} else ""


def plus(a: Tensor, b: Tensor) -> Tensor:
    """a + b; a number is added to every entry."""
    return each(lambda u, v: u + v, a, b, what="a sum")


def hadamard(a: Tensor, b: Tensor) -> Tensor:
    """a ⊙ b: no broadcasting but of numbers."""
    return each(lambda u, v: u * v, a, b, what="an entrywise product")


def over(a: Tensor, b: Tensor) -> Tensor:
    """a / b, entry by entry where both are arrays."""
    return each(lambda u, v: u / v, a, b, what="an entrywise quotient")


def times(a: Tensor, b: Tensor) -> Tensor:
    """The product of matrices, or of a number with an array."""
    if not a.shape or not b.shape:
        return hadamard(a, b)
    left, right = a.matrix, b.matrix
    along, down = left.axes[1], right.axes[0]
    if _alone(a, b) or not fits(along, down):
        if a.scalar or b.scalar:
            return hadamard(a, b)
        raise ShapeError("a matrix product", a.shape, b.shape)
    if isinstance(along, Turning) and isinstance(down, Turning):
        raise Limit("either of two lists may be a row or a column; write matrices with & and \\\\")
    inner = met(along, down)

    def entry(place: Place) -> Node:
        i, j = place
        return a.graph.sum(left[i, k] * right[k, j] for k in range(_told(inner)))

    return Tensor(a.graph, (left.axes[0], right.axes[1]), entry, kind=_made(left, right, inner))


def _made(left: Tensor, right: Tensor, inner: Axis) -> Kind:
    """The kind of a product."""
    if left.kind == right.kind == "matrix":
        return "matrix"
    line = left.axes[0] == 1 == right.axes[1] and settled(inner) != 1
    return "dot" if line and "matrix" not in (left.kind, right.kind) else ""


def _alone(a: Tensor, b: Tensor) -> bool:
    """Whether a product would make an open size 1 that nobody means to be 1: x𝟏, or a number times 𝟏.

    A matrix that has one row or column does meet what has one entry, and so does a number after a row, 𝟏ᵀδ.
    """
    along, down = a.matrix.axes[1], b.matrix.axes[0]
    if along == 1 and isinstance(down, Open):
        return a.kind != "matrix" and (a.scalar or not isinstance(down, Turning))
    if down == 1 and isinstance(along, Turning):
        return b.scalar and b.kind != "matrix"
    return down == 1 and isinstance(along, Open) and b.kind != "matrix" and not (b.scalar and a.matrix.axes[0] == 1)


def _told(axis: Axis) -> int:
    """The number of an axis."""
    found = settled(axis)
    if isinstance(found, Open):
        raise Limit("nothing tells the size of an array here")
    return found


def outer(a: Tensor, b: Tensor) -> Tensor:
    """a bᵀ of two vectors, however they lie."""
    left, right = _lying(a), _lying(b)
    return Tensor(a.graph, (left.axes[0], right.axes[0]), lambda place: left[place[0], 0] * right[place[1], 0])


def inner(a: Tensor, b: Tensor) -> Tensor:
    """Σ a_i b_i over all entries of two arrays of one shape."""
    if a.vector and b.vector:
        a, b = _lying(a), _lying(b)
    if joined(a.axes, b.axes) is None:
        raise ShapeError("an inner product", a.shape, b.shape)
    pairs = zip(entries(a), entries(b), strict=True)
    return number(a.graph.sum(u * v for u, v in pairs))


def _lying(a: Tensor) -> Tensor:
    """A vector as a column, however it lies."""
    if not (a.vector or a.scalar or len(a.shape) == 1):
        raise ShapeError("a place for a vector", a.shape)
    matrix = a.matrix
    if isinstance(matrix.axes[1], Turning):
        met(matrix.axes[1], 1)
    return matrix if matrix.axes[1] == 1 else transpose(matrix)


def flat_size(a: Tensor) -> int:
    """How many entries."""
    return prod(a.sizes)


def entries(a: Tensor) -> list[Node]:
    """All entries, row by row."""
    return [a[place] for place in a.places()]


def flat(a: Tensor) -> list[Node]:
    """The entries of a vector."""
    if not (a.vector or a.scalar or len(a.shape) == 1):
        raise ShapeError("a place for a vector", a.shape)
    return entries(a)


def transpose(a: Tensor) -> Tensor:
    """aᵀ; a number is its own."""
    if not a.shape:
        return a
    matrix = a.matrix
    return Tensor(a.graph, matrix.axes[::-1], lambda place: matrix[place[1], place[0]], kind=a.kind)


def diagonal(a: Tensor) -> Tensor:
    """diag of a vector: a matrix; of a matrix: the column of its diagonal."""
    if a.vector or a.scalar or len(a.shape) == 1:
        line = _lying(a)
        return Tensor(
            a.graph, (line.axes[0],) * 2, lambda place: line[place[0], 0] if place[0] == place[1] else a.graph.zero
        )
    return Tensor(a.graph, (_square(a, "a diagonal"), 1), lambda place: a[place[0], place[0]])


def _square(a: Tensor, what: str) -> Axis:
    """The size of both axes of a square matrix."""
    if len(a.shape) != 2 or not fits(*a.axes):
        raise ShapeError(what, a.shape)
    return met(*a.axes)


def trace(a: Tensor) -> Tensor:
    """The sum of the diagonal."""
    if a.scalar:
        return number(a.only)
    size = _told(_square(a, "a trace"))
    return number(a.graph.sum(a[i, i] for i in range(size)))


def listed(graph: Graph, items: list[Node]) -> Tensor:
    """(a, b, c): a row or a column, as it is needed."""
    return Tensor(graph, list_axes(len(items)), lambda place: items[sum(place)])


def column(graph: Graph, items: list[Node]) -> Tensor:
    """A vector."""
    return Tensor(graph, (len(items), 1), lambda place: items[place[0]])


def zeros(graph: Graph) -> Tensor:
    """The array of zeros of whatever size."""
    return Tensor(graph, (None, None), lambda place: graph.zero)


def identity(graph: Graph, size: Axis | None = None) -> Tensor:
    """I."""
    axis = Open() if size is None else size
    return Tensor(graph, (axis, axis), lambda place: graph.one if place[0] == place[1] else graph.zero)


def ones(graph: Graph, size: int | None = None) -> Tensor:
    """The column of ones."""
    return Tensor(graph, (size, 1), lambda place: graph.one)


def unit(graph: Graph, number: int, size: int | None = None) -> Tensor:
    """The column with a 1 at a place, counted from 1; it has at least so many entries."""
    axis = Open(number) if size is None else size
    return Tensor(graph, (axis, 1), lambda place: graph.one if place[0] == number - 1 else graph.zero)


def determinant(a: Tensor) -> Node:
    """By expansion along the first row; for the small sizes at which formulas are compared."""
    rows, columns = a.matrix.sizes
    if rows != columns:
        raise ShapeError("a determinant", a.shape)
    if rows > LARGEST_DETERMINANT:
        raise Limit(f"determinants of more than {LARGEST_DETERMINANT} rows are not computed")
    return _minor(a.matrix, tuple(range(rows)), 0)


def _minor(a: Tensor, columns: Place, row: int) -> Node:
    if not columns:
        return a.graph.one
    return a.graph.sum(
        (-1) ** k * a[row, j] * _minor(a, columns[:k] + columns[k + 1 :], row + 1) for k, j in enumerate(columns)
    )


def inverse(a: Tensor) -> Tensor:
    """a⁻¹ by Cramer's rule."""
    matrix = a.matrix
    whole = determinant(matrix)
    size = matrix.sizes[0]

    def entry(place: Place) -> Node:
        i, j = place
        rows = [row for row in range(size) if row != j]
        rest = Tensor(a.graph, (size - 1, size), lambda at: matrix[rows[at[0]], at[1]])
        return (-1) ** (i + j) * _minor(rest, tuple(k for k in range(size) if k != i), 0) / whole

    return Tensor(a.graph, (size, size), entry)
