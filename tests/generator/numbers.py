"""The oracle: both sides of a claim in numbers, and whether it is right, wrong, or too close to say.

A claim is `correct` if both sides agree to 1e-6 at every point, `incorrect` if they differ by more than 1e-3 of their
size at one or if their shapes, indices or layers cannot be; else it is not asked about.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tests.generator import expressions as x
from tests.generator.worlds import FORWARD, Misfit, Unclear, World, _abs, erf

CLOSE, APART, MOST_ENTRIES = 1e-6, 1e-3, 400
FUNCTIONS = {
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "cosh": np.cosh, "sqrt": np.sqrt, "sign": np.sign, "abs": _abs,
    "erf": lambda u: np.real(erf(u)), "sech": lambda u: 1 / np.cosh(u), "sin": np.sin, "cos": np.cos,
    "relu": FORWARD["relu"],
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """A world, the numbers that the index letters stand for, and the hidden layer that l stands for."""

    world: World
    index: dict[str, int]
    hidden: int = 0

    def layer(self, layer: x.Layer | None) -> int:
        """The number of a layer."""
        if layer is None:
            return 0
        return layer.offset + {"": 0, "l": self.hidden, "L": self.world.depth}[layer.letter]

    def key(self, ref: x.Ref) -> tuple[str, int]:
        """The key of a quantity in the world."""
        return ref.role, self.layer(ref.layer)

    def space(self, space: x.Layer | str) -> int:
        """A size."""
        return self.world.size(space if isinstance(space, str) else self.layer(space))

    def entry(self, ref: x.Ref, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The place of an entry, from 0."""
        if len(ref.at) != len(shape):
            raise Misfit(f"{ref.role} has {len(shape)} indices, not {len(ref.at)}")
        found = tuple(self.index[one] if isinstance(one, str) else one for one in ref.at)
        if not all(1 <= one <= n for one, n in zip(found, shape, strict=True)):
            raise Misfit(f"{ref.role} of shape {shape} has no entry {found}")
        return tuple(one - 1 for one in found)


def column(array: Any) -> Any:
    """An array as a matrix, vectors as columns; scalars stay."""
    return array[:, None] if np.ndim(array) == 1 else array


def value(node: x.Node, s: Scope) -> Any:
    """A float, or a matrix.  Raises `Misfit` for what cannot be, `Unclear` for what could be several things."""
    match node:
        case x.Num():
            return float(node.value)
        case x.Const():
            return s.world.constants[node.name]
        case x.Size():
            return float(s.space(node.space))
        case x.Kron():
            left, right = (s.index[one] if isinstance(one, str) else one for one in (node.left, node.right))
            return float(left == right)
        case x.Ref():
            array = s.world.value(s.key(node))
            if s.world.augmented and node.role == "a" and node.at == (array.size + 1,):
                return 1.0
            return float(array[s.entry(node, array.shape)]) if node.at or not array.shape else column(array)
        case x.D():
            return _derivative(node, s)
        case x.Sum():
            return _series(node, s)
        case x.Mul() | x.Had() | x.Outer():
            return _product(node, s)
    below = [value(part, s) for _, part in x.parts(node)]
    return _applied(node, below, s)


def _applied(node: x.Node, below: list[Any], s: Scope) -> Any:
    match node:
        case x.Add():
            return _total(below)
        case x.Neg():
            return -below[0]
        case x.Div() | x.Over():
            return _quotient(node, *below)
        case x.Pow():
            return _scalar(below[0]) ** float(node.exponent)
        case x.Tr():
            return below[0].T if np.ndim(below[0]) else below[0]
        case x.Diag():
            return np.diag(_vector(below[0]))
        case x.Dot():
            return float(_vector(below[0]) @ _same(_vector(below[0]), _vector(below[1])))
        case x.Norm():
            return math.sqrt(float((np.asarray(below[0]) ** 2).sum()))
        case x.Trace():
            if np.ndim(below[0]) != 2 or len({*below[0].shape}) > 1:
                raise Misfit("the trace of what is not square")
            return float(np.trace(below[0]))
        case x.Fn():
            return _number(FUNCTIONS[node.name](below[0]))
        case x.Act():
            return _number(np.real(s.world.function(s.layer(node.layer), below[0])))
        case x.Slope():
            return _number(s.world.slope(s.layer(node.layer), below[0]))
        case x.Choose():
            left, right, yes, no = below
            return _number(np.where(np.asarray(left) > right, yes, no))
        case x.Tag():
            return below[0]
    raise TypeError(f"no rule evaluates a {type(node).__name__}")


def _number(found: Any) -> Any:
    return found if np.ndim(found) else np.float64(found)


def _scalar(found: Any) -> float:
    if np.ndim(found) and np.size(found) != 1:
        raise Misfit("a power of an array")
    return np.float64(np.asarray(found).reshape(()))


def _vector(found: Any) -> Any:
    if np.ndim(found) == 0 or 1 not in np.shape(found):
        raise Misfit("no vector")
    return np.asarray(found).reshape(-1)


def _same(left: Any, right: Any) -> Any:
    if left.shape != right.shape:
        raise Misfit(f"{left.shape} against {right.shape}")
    return right


def _quotient(node: x.Node, above: Any, below: Any) -> Any:
    if isinstance(node, x.Over) and np.ndim(above) and np.ndim(below):
        return above / _same(above, below)
    if np.ndim(below) and np.size(below) != 1:
        raise Misfit("an array as a divisor")
    return _number(np.divide(above, _scalar(below) if np.ndim(below) else below))


def _total(terms: list[Any]) -> Any:
    shapes = {np.shape(one) for one in terms if np.ndim(one)}
    if len(shapes) > 1:
        raise Unclear("1×1 and more") if (1, 1) in shapes else Misfit(f"a sum of {shapes}")
    return sum(terms)


def _derivative(node: x.D, s: Scope) -> Any:
    of, by = s.key(node.of), s.key(node.by)
    s.world.value(of)
    s.world.value(by)
    found = s.world.jacobian(of, by)
    axes = s.world.value(of).ndim
    if node.of.at:
        found = found[s.entry(node.of, found.shape[:axes])]
        axes = 0
    if node.by.at:
        where = s.entry(node.by, found.shape[axes:])
        found = found[(..., *where)]
    if found.ndim > 2:
        raise Unclear("a derivative with more than two axes")
    return float(found) if not found.ndim else column(found)


# --- sums over a letter ---------------------------------------------------------------------------------------------


def ranges(node: x.Node, letter: str, s: Scope) -> set[int]:
    """The sizes of the places in which a letter stands."""
    if isinstance(node, x.Sum) and node.letter == letter:
        return set()
    found: set[int] = set()
    if isinstance(node, x.Ref) and letter in node.at:
        shape = s.world.value(s.key(node)).shape
        if len(shape) != len(node.at):
            raise Misfit(f"{node.role} has {len(shape)} indices")
        found |= {n for n, one in zip(shape, node.at, strict=True) if one == letter}
    for _, part in x.parts(node):
        found |= ranges(part, letter, s)
    return found


def _series(node: x.Sum, s: Scope) -> Any:
    used = ranges(node.body, node.letter, s)
    if len(used) > 1 and not (node.limits and s.space(node.space) <= min(used)):  # Σ_{j=1}^1 says itself how far j runs
        raise Misfit(f"the letter {node.letter} runs through {used}")
    if not node.limits and not used:
        raise Unclear("a sum over a letter that does not occur")
    size = s.space(node.space) if node.limits else next(iter(used))
    terms = [value(node.body, replace(s, index={**s.index, node.letter: n})) for n in range(1, size + 1)]
    return sum(terms)


# --- products -------------------------------------------------------------------------------------------------------


def _times(sign: str, left: Any, right: Any) -> Any:
    if sign == "outer":
        return np.outer(_vector(left), _vector(right))
    if not np.ndim(left) or not np.ndim(right):
        if sign == "had" and np.ndim(left) != np.ndim(right):
            raise Unclear("an elementwise product with a scalar")
        return left * right
    if sign == "had":
        if left.shape != right.shape and (1, 1) in (left.shape, right.shape):
            raise Unclear("an elementwise product with a 1×1 array")
        return left * _same(left, right)
    if left.shape[1] == right.shape[0]:
        return left @ right
    if (1, 1) in (left.shape, right.shape):
        return left * right
    raise Misfit(f"{left.shape} times {right.shape}")


def _flat(node: x.Node, sign: str = "") -> tuple[list[x.Node], list[str]]:
    """What stands in a product without a bracket, and the signs between."""
    if isinstance(node, x.Tag):
        return _flat(node.body, sign)
    if isinstance(node, x.Mul) or (isinstance(node, x.Had) and sign in ("", "had")):
        mine = "mul" if isinstance(node, x.Mul) else "had"
        nodes, signs = _flat(node.factors[0], mine)
        for factor in node.factors[1:]:
            more, between = _flat(factor, mine if isinstance(node, x.Mul) else "right")
            nodes, signs = nodes + more, [*signs, mine, *between]
        return nodes, signs
    return [node], []


def _product(node: x.Mul | x.Had | x.Outer, s: Scope) -> Any:
    if isinstance(node, x.Outer):
        return _times("outer", value(node.left, s), value(node.right, s))
    nodes, signs = _flat(node)
    if isinstance(node, x.Mul):
        below, sign = [value(one, s) for one in nodes], "mul"
    else:
        below, sign = [value(one, s) for one in node.factors], "had"
    try:
        found = below[0]
        for one in below[1:]:
            found = _times(sign, found, one)
    except Misfit as error:
        others = _groupings([value(one, s) for one in nodes], signs)
        if not others:
            raise
        if any(np.shape(one) != np.shape(others[0]) or not np.allclose(one, others[0]) for one in others):
            raise Unclear("several groupings fit the shapes") from error
        return others[0]
    return found


def _groupings(values: list[Any], signs: list[str]) -> list[Any]:
    """The values of all groupings of a product that fit the shapes."""
    if len(values) == 1:
        return values
    found = []
    for n, sign in enumerate(signs):
        for left, right in itertools.product(
            _groupings(values[: n + 1], signs[:n]), _groupings(values[n + 1 :], signs[n + 1 :])
        ):
            try:
                found.append(_times(sign, left, right))
            except Misfit:
                continue
    return found


# --- verdicts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    """What the numbers say about a relation; `why` names a misfit."""

    verdict: str
    why: str = ""


def compared(left: Any, right: Any) -> str:
    """`same`, `differs`, `close` (neither), or `nothing` where there are no numbers."""
    left, right = (np.asarray(one, dtype=float) for one in (left, right))
    left, right = (one.reshape(()) if one.size == 1 else one for one in (left, right))
    if left.shape != right.shape:
        raise Misfit(f"{left.shape} against {right.shape}")
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return "nothing"
    gap, scale = np.abs(left - right), np.maximum(np.abs(left), np.abs(right))
    if (gap <= CLOSE * scale + 1e-12).all():
        return "same"
    return "differs" if (gap > APART * scale + 1e-9).any() else "close"


def assignments(left: x.Node, right: x.Node, s: Scope) -> Iterable[dict[str, int]]:
    """All values of the free letters of the left side; a letter of the right alone is a misfit."""
    free, more = x.letters(left), x.letters(right)
    if more - free:
        raise Misfit(f"{', '.join(sorted(more - free))} is free on the right alone")
    names = sorted(free)
    sizes = []
    for name in names:
        used = ranges(left, name, s) | ranges(right, name, s)
        if len(used) != 1:
            raise Misfit(f"the letter {name} runs through {used}") if used else Unclear(f"{name} has no range")
        sizes.append(used.pop())
    if math.prod(sizes) > MOST_ENTRIES:
        raise Unclear("too many entries")
    return [dict(zip(names, one, strict=True)) for one in itertools.product(*(range(1, n + 1) for n in sizes))]


def label(left: x.Node, right: x.Node, worlds: Sequence[World], hidden: bool) -> Label:
    """What the numbers say about left = right; `hidden` says that it is about every hidden layer l."""
    seen = {"same": 0, "differs": 0, "close": 0, "nothing": 0}
    try:
        for world in worlds:
            for layer in range(1, world.depth) if hidden else (0,):
                _count(left, right, Scope(world, {}, layer), seen)
            if seen["differs"]:
                return Label("incorrect")
    except Misfit as error:
        return Label("incorrect", str(error))
    except Unclear as error:
        return Label("drop", str(error))
    if seen["close"] or seen["nothing"] or not seen["same"]:
        return Label("drop", "too close to say" if seen["close"] else "no numbers")
    if x.letters(left) - x.letters(right):
        return Label("drop", "a letter on the left alone")
    return Label("correct")


def _count(left: x.Node, right: x.Node, s: Scope, seen: dict[str, int]) -> None:
    for index in assignments(left, right, s):
        here = replace(s, index=index)
        with np.errstate(all="ignore"):
            seen[compared(value(left, here), value(right, here))] += 1
