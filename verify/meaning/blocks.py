r"""Matrices of blocks, [W b]: arrays side by side and above one another.

A block whose size is open, as I, \mathbf{1} or a 0 between matrices, is as high as its row and as wide as its column.
One row and one column of blocks may stay open: it takes what the others leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from verify.graph.nodes import Node
from verify.meaning.arrays import Place, ShapeError, Tensor
from verify.meaning.open_sizes import Axis, Limit, Open, fits, met, settled


def blocks(rows: list[list[Tensor]]) -> Tensor:
    """The whole matrix; a number is a block of one entry.  Raises `ShapeError` where the blocks do not fit."""
    whole = [[one.matrix for one in row] for row in rows]
    columns = list(zip(*whole, strict=True))
    if not (all(_agree(row, 0) for row in whole) and all(_agree(one, 1) for one in columns)):
        raise ShapeError("a matrix of blocks", *(one.shape for row in rows for one in row))
    down = Line([row[0].axes[0] for row in whole])
    along = Line([one[0].axes[1] for one in columns])

    def entry(place: Place) -> Node:
        (row, i), (column, j) = down.at(place[0]), along.at(place[1])
        return whole[row][column][i, j]

    return Tensor(rows[0][0].graph, (down.size, along.size), entry)


def _agree(blocks: Iterable[Tensor], axis: int) -> bool:
    """Whether blocks have one size along an axis; it is theirs from then on."""
    first, *others = blocks
    for one in others:
        if not fits(first.axes[axis], one.axes[axis]):
            return False
        met(first.axes[axis], one.axes[axis])
    return all(fits(first.axes[axis], one.axes[axis]) for one in others)


@dataclass
class Line:
    """The blocks along one axis, by their sizes."""

    sizes: list[Axis]

    def __post_init__(self) -> None:
        self.sizes = list(map(settled, self.sizes))
        gaps = [one for one in self.sizes if isinstance(one, Open)]
        if len(gaps) > 1:
            raise Limit("nothing tells the size of an array here")
        rest = sum(one for one in self.sizes if isinstance(one, int))
        self.rest = rest
        self.size: Axis = Open(rest + max(gaps[0].least, 1)) if gaps else rest

    def at(self, place: int) -> Place:
        """The number of the block in which a place is, and its place there."""
        for number, size in enumerate(self.sizes):
            length = self._length(size, last=number == len(self.sizes) - 1)
            if length is None or place < length:
                return number, place
            place -= length
        raise IndexError(place)

    def _length(self, size: Axis, *, last: bool) -> int | None:
        """How long a block is; None for a last one that takes all that is left."""
        now, whole = settled(size), settled(self.size)
        if isinstance(now, Open) and isinstance(whole, int):
            now = met(now, whole - self.rest)
        if isinstance(now, int):
            return now
        if last:
            return None
        raise Limit("nothing tells the size of an array here")
