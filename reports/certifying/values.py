"""The numbers at which definitions are certified: those of a file, others drawn where everything has a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Integer, Sum

from derive.equation import Equation
from derive.named import Opaque, number
from derive.network import SpecError
from derive.program import Program
from derive.symbols import Array, Width, free_indices, total
from verify.certificates import Certifier, Truth
from verify.certificates.values import real, sizes_of
from verify.oracles.errors import DomainError
from verify.programs.numbers import sizes_of as guessed

UPSTREAM = "upstream"
RANGES = ((0.2, 0.8), (0.2, 0.8), (1.2, 2.0), (-0.8, 0.8), (-0.8, -0.2), (2.0, 9.0))
"""Where numbers are drawn: where most functions are defined, then elsewhere."""
MET = 1e-10  # how nearly numbers must meet what is assumed: far beyond the rounding of a sum that is to be 1
MOST_ENTRIES = 2_000_000


@dataclass(frozen=True, eq=False)
class Numbers:
    """Values by letter, ∂L/∂Y by the letter of Y where L is unknown, the sizes; `drawn` names what was drawn."""

    values: Mapping[str, Any]
    upstream: Mapping[str, Any]
    sizes: Mapping[str, int]
    drawn: tuple[str, ...]


def numbers(program: Program, data: Any, seed: int) -> Numbers:
    """The numbers of a file's object, and what it leaves out; raises `SpecError` where no numbers will do."""
    given, upstream = _read(program, data)
    sizes = _sizes(program, given)
    named = {str(width): size for width, size in sizes.items()}
    names = {one.name for one in program.inputs} - set(given)
    drawn = tuple(sorted(names | {one for one in _opaque(program) if one not in upstream}))
    rng = np.random.default_rng(seed)
    for low, high in RANGES:
        values, above = _drawn(program, sizes, rng, low, high)
        found = Numbers({**values, **given}, {**above, **upstream}, named, drawn)
        if not names or _defined(program, found):
            _check_facts(program, found)
            return found
    raise SpecError("no random numbers were found at which everything is defined; give them with --at")


def _defined(program: Program, found: Numbers) -> bool:
    try:
        truth(program, found, "float64")
    except DomainError:
        return False
    return True


def _check_facts(program: Program, found: Numbers) -> None:
    """The derivation rests on what was assumed, so the numbers must meet it."""
    for fact in program.facts:
        gap = Equation(number("gap"), total((fact.lhs - fact.rhs) ** 2, *sorted(free_indices(fact.lhs), key=str)))
        asked = Program((*program.definitions, gap), (), program.functions, sizes=program.sizes)
        far = truth(asked, found, "float64").loss or 0.0
        if far > MET**2:
            raise SpecError(f"the numbers do not meet what is assumed, {fact}: the sides differ by {far**0.5:.3g}")


def truth(program: Program, found: Numbers, dtype: str) -> Truth:
    """The certified truth at the numbers."""
    return Certifier(program, sizes=found.sizes).truth(found.values, dtype, found.upstream)


def _read(program: Program, data: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(data, Mapping):
        raise SpecError("--at must hold an object with an array or a number for each letter")
    known = {one.name for one in program.inputs}
    given = {name: value for name, value in data.items() if name != UPSTREAM or name in known}
    for name in given:
        if name not in known:
            raise SpecError(f"--at gives {name!r}; what is given here are {', '.join(sorted(known))}")
    above = data.get(UPSTREAM, {}) if UPSTREAM not in known else {}
    if not isinstance(above, Mapping) or set(above) - set(_opaque(program)):
        listed = ", ".join(_opaque(program)) or "no array, since the loss is known"
        raise SpecError(f"{UPSTREAM} in --at is an object with the derivatives of the loss by {listed}")
    return ({name: real(name, value) for name, value in given.items()},
            {name: real(f"{UPSTREAM} of {name}", value) for name, value in above.items()})  # fmt: skip


def _opaque(program: Program) -> dict[str, Array]:
    """The arrays on which an unknown loss depends."""
    found = (one for each in program.definitions for one in sorted(each.rhs.atoms(Opaque), key=str))
    return {array.name: array for one in found for array in one.arrays}


def _sizes(program: Program, given: Mapping[str, Any]) -> dict[Expr, int]:
    """The widths that the given arrays say; small ones for all others."""
    known = Program(program.definitions, (), program.functions, sizes=program.sizes)
    stated: dict[Expr, int] = {}
    for one in known.inputs:
        if isinstance(one, Array) and one.name in given and given[one.name].ndim == len(one.spaces):
            stated |= {space.size: size for space, size in zip(one.spaces, given[one.name].shape, strict=True)
                       if isinstance(space.size, Width)}  # fmt: skip
    sizes = guessed(Program(program.definitions, (), program.functions, sizes={**program.sizes, **stated}))
    shaped = {one.name: np.zeros(_shape(one, sizes)) for one in program.inputs}
    sizes_of(program, {**shaped, **given}, {str(width): size for width, size in sizes.items()})
    return sizes


def _shape(one: Any, sizes: Mapping[Expr, int]) -> tuple[int, ...]:
    spaces = one.spaces if isinstance(one, Array) else ()
    shape = tuple(sizes[space.size] if isinstance(space.size, Width) else int(space.size) for space in spaces)
    if int(np.prod(shape, dtype=object)) > MOST_ENTRIES:
        raise SpecError(f"{one.name} has more than {MOST_ENTRIES:,} entries; certify it at smaller sizes")
    return shape


def _drawn(
    program: Program, sizes: Mapping[Expr, int], rng: Any, low: float, high: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Short decimals for every letter, such that the facts Σ t = 1 hold, and weights for an unknown loss."""
    found = {one.name: np.round(rng.uniform(low, high, _shape(one, sizes)), 3) for one in program.inputs}
    for fact in program.facts:
        _normalise(fact.lhs, fact.rhs, found)
    return found, {name: np.round(rng.normal(size=_shape(one, sizes)), 3) for name, one in _opaque(program).items()}


def _normalise(left: Expr, right: Expr, found: dict[str, Any]) -> None:
    simple = isinstance(left, Sum) and isinstance(left.function, Indexed) and len(left.limits) == 1
    if not simple or not isinstance(right, Integer) or left.function.base.name not in found:
        raise SpecError("numbers that meet what is assumed cannot be drawn here; give them with --at")
    name, axis = left.function.base.name, left.function.indices.index(left.limits[0][0])
    found[name] = int(right) * found[name] / found[name].sum(axis=axis, keepdims=True)
