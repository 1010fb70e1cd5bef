r"""Arrays of scalars with the algebra of matrices: what fits is computed, what does not raises `ShapeError`.

A vector is a column, n × 1; a scalar has the shape (); a 1 × 1 array is as good as a scalar.  A size None is open: the
1 of \mathbf{1} and the matrix I have as many entries as what they meet.  Entries are made when somebody asks for them,
so that a product of large matrices costs what is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from verify.graph.nodes import Graph, Node

LARGEST_DETERMINANT = 5

Shape = tuple[int | None, ...]
Place = tuple[int, ...]


class ShapeError(Exception):
    """Two arrays do not fit; `kind` says in which operation, `shapes` are theirs."""

    def __init__(self, operation: str, *shapes: Shape) -> None:
        super().__init__(operation, *shapes)
        self.operation = operation
        self.shapes = shapes

    def __str__(self) -> str:
        sizes = " and ".join(map(size_text, self.shapes))
        return f"{sizes} {'does' if len(self.shapes) == 1 else 'do'} not fit in {self.operation}"


class Limit(ArithmeticError):
    """Something that has a value which is not computed here: a large determinant, an array of an open size."""


def size_text(shape: Shape) -> str:
    """3×1, or `a number`."""
    return "×".join("?" if size is None else str(size) for size in shape) if shape else "a number"


class Tensor:
    """An array of nodes; `entry(place)` makes one, places count from 0.

    `between` says that it maps one layer to another: it is a matrix even where it has only one column.
    """

    __slots__ = ("_entry", "_known", "between", "graph", "shape")

    def __init__(self, graph: Graph, shape: Shape, entry: Callable[[Place], Node], *, between: bool = False) -> None:
        self.between = between
        self.graph = graph
        self.shape = shape
        self._entry = entry
        self._known: dict[Place, Node] = {}

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
            return Tensor(self.graph, (1, 1), lambda place: self[()])
        if len(self.shape) == 1:
            return Tensor(self.graph, (self.shape[0], 1), lambda place: self[place[:1]])
        raise Limit("arrays with more than two axes are computed by their indices only")


def number(node: Node) -> Tensor:
    """A scalar."""
    return Tensor(node.graph, (), lambda place: node)


def each(function: Callable[..., Node], *arrays: Tensor, what: str = "entry by entry") -> Tensor:
    """A function of the entries of arrays of one shape; scalars stand for every entry."""
    shapes = [one.shape for one in arrays if not one.scalar]
    shape = shapes[0] if shapes else max((one.shape for one in arrays), key=len)
    for other in shapes[1:]:
        met = unified(shape, other)
        if met is None:
            raise ShapeError(what, *shapes)
        shape = met

    def entry(place: Place) -> Node:
        return function(*(one.only if one.scalar else one[place] for one in arrays))

    return Tensor(arrays[0].graph, shape, entry, between=any(one.between for one in arrays))


def unified(a: Shape, b: Shape) -> Shape | None:
    """The shape that two arrays have in common, or None; an open size takes that of the other."""
    if len(a) != len(b) or any(m != n and m is not None and n is not None for m, n in zip(a, b, strict=True)):
        return None
    return tuple(n if m is None else m for m, n in zip(a, b, strict=True))


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
    if left.shape[1] is None or right.shape[0] is None or left.shape[1] == right.shape[0]:
        inner = right.shape[0] if left.shape[1] is None else left.shape[1]
        if inner is None:
            raise Limit("nothing tells the size of an array here")

        def entry(place: Place) -> Node:
            i, j = place
            return a.graph.sum(left[i, k] * right[k, j] for k in range(inner))

        return Tensor(a.graph, (left.shape[0], right.shape[1]), entry)
    if a.scalar or b.scalar:
        return hadamard(a, b)
    raise ShapeError("a matrix product", a.shape, b.shape)


def outer(a: Tensor, b: Tensor) -> Tensor:
    """a bᵀ of two vectors, however they lie."""
    left, right = flat(a), flat(b)
    return Tensor(a.graph, (len(left), len(right)), lambda place: left[place[0]] * right[place[1]])


def inner(a: Tensor, b: Tensor) -> Tensor:
    """Σ a_i b_i over all entries of two arrays of one shape."""
    if a.shape != b.shape and not (a.vector and b.vector and flat_size(a) == flat_size(b)):
        raise ShapeError("an inner product", a.shape, b.shape)
    pairs = zip(entries(a), entries(b), strict=True)
    return number(a.graph.sum(u * v for u, v in pairs))


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
    return Tensor(a.graph, (matrix.shape[1], matrix.shape[0]), lambda place: matrix[place[1], place[0]])


def diagonal(a: Tensor) -> Tensor:
    """diag of a vector: a matrix; of a matrix: the column of its diagonal."""
    if a.vector or a.scalar or len(a.shape) == 1:
        items = flat(a)
        return Tensor(
            a.graph, (len(items),) * 2, lambda place: items[place[0]] if place[0] == place[1] else a.graph.zero
        )
    if len(a.shape) != 2 or a.shape[0] != a.shape[1]:
        raise ShapeError("a diagonal", a.shape)
    return Tensor(a.graph, (a.shape[0], 1), lambda place: a[place[0], place[0]])


def trace(a: Tensor) -> Tensor:
    """The sum of the diagonal."""
    if a.scalar:
        return number(a.only)
    if len(a.shape) != 2 or a.shape[0] != a.shape[1]:
        raise ShapeError("a trace", a.shape)
    return number(a.graph.sum(a[i, i] for i in range(a.sizes[0])))


def column(graph: Graph, items: list[Node]) -> Tensor:
    """A vector."""
    return Tensor(graph, (len(items), 1), lambda place: items[place[0]])


def blocks(rows: list[list[Tensor]]) -> Tensor:
    """Arrays side by side and above one another as one matrix, [W b]; a number is a block of one entry."""
    whole = [[one.matrix for one in row] for row in rows]
    heights = [{one.sizes[0] for one in row} for row in whole]
    widths = [{one.sizes[1] for one in column} for column in zip(*whole, strict=True)]
    if any(len(sizes) > 1 for sizes in (*heights, *widths)):
        raise ShapeError("a matrix of blocks", *(one.shape for row in rows for one in row))
    down = [(row, i) for row, (size,) in enumerate(heights) for i in range(size)]
    along = [(column, j) for column, (size,) in enumerate(widths) for j in range(size)]

    def entry(place: Place) -> Node:
        (row, i), (column, j) = down[place[0]], along[place[1]]
        return whole[row][column][i, j]

    return Tensor(rows[0][0].graph, (len(down), len(along)), entry)


def identity(graph: Graph, size: int | None = None) -> Tensor:
    """I."""
    return Tensor(graph, (size, size), lambda place: graph.one if place[0] == place[1] else graph.zero)


def ones(graph: Graph, size: int | None = None) -> Tensor:
    """The column of ones."""
    return Tensor(graph, (size, 1), lambda place: graph.one)


def unit(graph: Graph, number: int, size: int | None = None) -> Tensor:
    """The column with a 1 at a place, counted from 1."""
    return Tensor(graph, (size, 1), lambda place: graph.one if place[0] == number - 1 else graph.zero)


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
