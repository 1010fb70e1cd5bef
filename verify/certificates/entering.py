"""What an expression takes from arrays: whole arrays, entries at indices, opaque numbers, inverses and determinants."""

from __future__ import annotations

from math import prod
from typing import Any

import sympy
from sympy import Indexed

from derive.named import Adjoint, Det, Inverse, LogDet, Opaque, Slope
from derive.symbols import Array, Index, Scalar, free_indices
from verify.certificates import matrices
from verify.certificates.errors import NotCertified
from verify.certificates.lowering import Lowering, Ref
from verify.certificates.operations import Gather
from verify.certificates.places import places

_DETERMINANTS: dict[Any, Any] = {Det: matrices.Determinant, LogDet: matrices.LogDeterminant}


def leaf_of(low: Lowering, symbol: Any) -> int:
    if symbol in low.arrays:
        return low.arrays[symbol]
    shape = tuple(low.length(space) for space in symbol.spaces) if isinstance(symbol, Array) else ()
    return low.leaf(str(symbol.name), "value", shape)


def whole(low: Lowering, array: Array) -> int:
    """The slot of a whole array."""
    if isinstance(array, Adjoint):
        raise NotCertified(f"{low.within} holds {array.name}, a derivative; only definitions are certified")
    if isinstance(array, Slope):
        shape = tuple(low.length(space) for space in array.spaces)
        return low.leaf(array.array.name, "upstream", shape)
    if isinstance(array, Inverse):
        if array not in low.arrays:
            size = low.length(array.spaces[0])
            low.arrays[array] = low.made(matrices.Inverse(low.slot(), whole(low, array.array), size))
        return low.arrays[array]
    return leaf_of(low, array)


def indexed(low: Lowering, expression: Indexed) -> Ref:
    slot, indices = whole(low, expression.base), tuple(expression.indices)
    if all(isinstance(one, Index) for one in indices) and len(set(indices)) == len(indices):
        return Ref(slot, indices)
    axes = tuple(dict.fromkeys(one for index in indices for one in sorted(free_indices(index), key=str)))
    lengths = {one: low.length(one.space) for one in axes}
    shape = tuple(low.length(space) for space in expression.base.spaces)
    where = places(indices, axes, lengths, shape, low.sizes)
    return Ref(low.made(Gather(low.slot(), slot, where, prod(shape))), axes)


def scalar(low: Lowering, expression: Scalar) -> Ref:
    return Ref(leaf_of(low, expression))


def opaque(low: Lowering, expression: Opaque) -> Ref:
    """L(Y): as far as slopes go, Σ u Y with the upstream gradient u = ∂L/∂Y."""
    found = []
    for array in expression.arrays:
        shape = tuple(low.length(space) for space in array.spaces)
        axes = tuple(Index(f"axis {number}", space) for number, space in enumerate(array.spaces))
        up = Ref(low.leaf(array.name, "upstream", shape), axes)
        found.append(low.reduced(low.product([up, Ref(whole(low, array), axes)]), axes))
    return low.combined([(sympy.Integer(1), one) for one in found])


def determinant(low: Lowering, expression: Any) -> Ref:
    size = low.length(expression.array.spaces[0])
    operation = _DETERMINANTS[type(expression)](low.slot(), whole(low, expression.array), size)
    return Ref(low.made(operation))
