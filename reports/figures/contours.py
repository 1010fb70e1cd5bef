"""Lines of equal value of a function of two numbers, by marching squares (Lorensen and Cline 1987, in the plane)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Point = tuple[float, float]
CELLS = 48


def segments(
    function: Callable[[float, float], float],
    x: tuple[float, float],
    y: tuple[float, float],
    levels: Sequence[float],
    cells: int = CELLS,
) -> Iterator[tuple[Point, ...]]:
    """Every contour as lines of points, joined where the cells that they cross are neighbours."""
    across = [x[0] + (x[1] - x[0]) * n / cells for n in range(cells + 1)]
    up = [y[0] + (y[1] - y[0]) * n / cells for n in range(cells + 1)]
    values = [[function(a, b) for a in across] for b in up]
    for level in levels:
        pieces = [
            piece
            for row in range(cells)
            for column in range(cells)
            for piece in _cell(across, up, values, row, column, level)
        ]
        yield from _joined(pieces)


def _cell(
    across: Sequence[float], up: Sequence[float], values: Sequence[Sequence[float]], row: int, column: int, level: float
) -> Iterator[tuple[Point, Point]]:
    """Where the contour crosses one cell: between the sides on which the value passes the level."""
    corners = [(across[c], up[r], values[r][c] - level)
               for r, c in ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))]  # fmt: skip
    crossed: list[Point] = []
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (one[2] > 0) != (other[2] > 0):
            low, high = sorted((one, other))  # one direction for both cells of a side, so that their points agree
            share = low[2] / (low[2] - high[2])
            crossed.append((low[0] + share * (high[0] - low[0]), low[1] + share * (high[1] - low[1])))
    for start in range(0, len(crossed) - 1, 2):
        yield crossed[start], crossed[start + 1]


def _joined(pieces: list[tuple[Point, Point]]) -> Iterator[tuple[Point, ...]]:
    """Pieces that meet as one line."""
    meeting: dict[Point, list[int]] = {}
    for number, piece in enumerate(pieces):
        for end in piece:
            meeting.setdefault(end, []).append(number)
    left = set(range(len(pieces)))
    while left:
        number = left.pop()
        line = list(pieces[number])
        for _ in range(2):
            while (more := _next(meeting, left, pieces, line[-1])) is not None:
                line.append(more)
            line.reverse()
        yield tuple(line)


def _next(
    meeting: dict[Point, list[int]], left: set[int], pieces: list[tuple[Point, Point]], end: Point
) -> Point | None:
    """The other end of a piece that begins or ends here and was not used yet."""
    for number in meeting[end]:
        if number in left:
            left.discard(number)
            one, other = pieces[number]
            return other if one == end else one
    return None
