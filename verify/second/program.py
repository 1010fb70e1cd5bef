"""Scalar algebra as a flat program in postfix order: what both readers are brought to, evaluated, and printed.

    v NAME   a placeholder          + COUNT   a sum of the last COUNT values        ^ 2      base, exponent
    n P/Q    an exact number        * COUNT   their product, in this order          f NAME   a function of one value

Placeholders stand for random 2×2 matrices over a prime field, so that the order of a product counts.  A function, or a
power whose exponent is no integer, is a random table: equal arguments have equal values, and nothing else is known.
Two programs that are equal as expressions of non-commuting letters always agree; others agree by chance only, with a
probability below 1e-15 for each point.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

PRIME = 2**61 - 1
MOST_STEPS = 20_000
MOST_BITS = 20_000

Matrix = tuple[int, int, int, int]
ZERO: Matrix = (0, 0, 0, 0)

_NUMBER = re.compile(r"-?[0-9]{1,4000}(/0*[1-9][0-9]{0,3999})?", re.ASCII)
"""An integer, or a fraction of integers, of a bearable size."""


class Step(NamedTuple):
    """One step: its kind, and the name, the number or the count that belongs to it."""

    kind: str
    value: str | int


Program = tuple[Step, ...]


class NoValue(ArithmeticError):
    """A program has no value at this point: it divides by zero, or a number is too large."""


class BadProgram(ValueError):
    """Something that is no program."""


class _Value(NamedTuple):
    """A value, and the exact number that it is where no placeholder takes part."""

    matrix: Matrix
    constant: Fraction | None


# --- arithmetic -----------------------------------------------------------------------------------------------------


def _scalar(number: Fraction) -> _Value:
    below = number.denominator % PRIME
    if below == 0:
        raise NoValue("a denominator that is a multiple of the prime")
    entry = number.numerator * pow(below, -1, PRIME) % PRIME
    return _Value((entry, 0, 0, entry), number)


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        (a[0] * b[0] + a[1] * b[2]) % PRIME,
        (a[0] * b[1] + a[1] * b[3]) % PRIME,
        (a[2] * b[0] + a[3] * b[2]) % PRIME,
        (a[2] * b[1] + a[3] * b[3]) % PRIME,
    )


def _inverse(a: Matrix) -> Matrix:
    determinant = (a[0] * a[3] - a[1] * a[2]) % PRIME
    if determinant == 0:
        raise NoValue("a division by zero")
    d = pow(determinant, -1, PRIME)
    return (a[3] * d % PRIME, -a[1] * d % PRIME, -a[2] * d % PRIME, a[0] * d % PRIME)


def _table(seed: str, *key: object) -> Matrix:
    """The random matrix that belongs to a key."""
    digest = hashlib.sha512(repr((seed, key)).encode()).digest()
    a, b, c, d = (int.from_bytes(digest[at : at + 16], "big") % PRIME for at in range(0, 64, 16))
    return (a, b, c, d)


def _sum(parts: Sequence[_Value]) -> _Value:
    matrix, constant = ZERO, Fraction(0) if parts[0].constant is not None else None
    for part in parts:
        a, b, c, d = (one + other for one, other in zip(matrix, part.matrix, strict=True))
        matrix = (a % PRIME, b % PRIME, c % PRIME, d % PRIME)
        constant = None if constant is None or part.constant is None else constant + part.constant
    return _Value(matrix, constant)


def _product(parts: Sequence[_Value]) -> _Value:
    matrix, constant = parts[0]
    for part in parts[1:]:
        matrix = _times(matrix, part.matrix)
        constant = None if constant is None or part.constant is None else constant * part.constant
    return _Value(matrix, constant)


def _power(base: _Value, exponent: _Value, seed: str) -> _Value:
    count = exponent.constant
    if count is None or count.denominator != 1:
        return _Value(_table(seed, "power", base.matrix, exponent.matrix), None)
    if base.constant is not None:
        return _number_power(base.constant, int(count))
    factor = _inverse(base.matrix) if count < 0 else base.matrix
    result: Matrix = (1, 0, 0, 1)
    for digit in bin(abs(int(count)))[2:]:
        result = _times(result, result)
        result = _times(result, factor) if digit == "1" else result
    return _Value(result, None)


def _number_power(base: Fraction, count: int) -> _Value:
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(count) > MOST_BITS:
        raise NoValue("a number that is too large")
    if base == 0 and count < 0:
        raise NoValue("a division by zero")
    return _scalar(Fraction(base**count))


# --- running --------------------------------------------------------------------------------------------------------


def evaluated(program: Program, seed: str) -> Matrix:
    """The value at the random point that belongs to a seed.  Raises `NoValue`, and `BadProgram` for nonsense."""
    stack: list[_Value] = []
    for kind, value in program:
        if kind == "v":
            stack.append(_Value(_table(seed, "placeholder", value), None))
        elif kind == "n":
            stack.append(_scalar(Fraction(value)))
        elif kind == "f":
            stack.append(_Value(_table(seed, "function", value, _popped(stack, 1)[0].matrix), None))
        elif kind == "^":
            base, exponent = _popped(stack, 2)
            stack.append(_power(base, exponent, seed))
        else:
            parts = _popped(stack, int(value))
            stack.append(_sum(parts) if kind == "+" else _product(parts))
    if len(stack) != 1:
        raise BadProgram(f"{len(stack)} values are left over")
    return stack[0].matrix


def _popped(stack: list[Any], count: int) -> list[Any]:
    """The last `count` values, taken from the stack."""
    if not 0 < count <= len(stack):
        raise BadProgram(f"{count} values are needed, {len(stack)} are there")
    taken = stack[-count:]
    del stack[-count:]
    return taken


def checked(found: Any) -> Program:
    """Foreign JSON as a program.  Raises `BadProgram`."""
    if not isinstance(found, list) or not 0 < len(found) <= MOST_STEPS:
        raise BadProgram("no list of steps")
    return tuple(_checked_step(one) for one in found)


def _checked_step(one: Any) -> Step:
    if not isinstance(one, list) or len(one) != 2:
        raise BadProgram(f"no step: {one!r:.80}")
    kind, value = one
    wanted = int if kind in ("+", "*", "^") else str if kind in ("v", "n", "f") else None
    if wanted is None or type(value) is not wanted:
        raise BadProgram(f"no step: {one!r:.80}")
    if kind == "n" and not _NUMBER.fullmatch(str(value)):
        raise BadProgram(f"no number: {value!r:.80}")
    return Step(kind, value)


# --- printing -------------------------------------------------------------------------------------------------------

_SUM, _PRODUCT, _POWER, _WHOLE = range(4)


def printed(program: Program, names: Mapping[str, str]) -> str:
    """The program as one line with all its brackets; `names` says what the placeholders stand for."""
    stack: list[tuple[str, int]] = []
    for kind, value in program:
        if kind == "v":
            stack.append((names.get(str(value), str(value)), _WHOLE))
        elif kind == "n":
            stack.append((str(value), _WHOLE if str(value).isdigit() else _SUM))
        elif kind == "f":
            stack.append((f"{value}({_popped(stack, 1)[0][0]})", _WHOLE))
        else:
            parts = _popped(stack, 2 if kind == "^" else int(value))
            stack.append(_PRINTERS[kind](parts))
    return stack[0][0]


def _fenced(part: tuple[str, int], level: int) -> str:
    text, own = part
    return text if own >= level else f"({text})"


def _sum_text(parts: list[tuple[str, int]]) -> tuple[str, int]:
    text = parts[0][0]
    for part, _ in parts[1:]:
        text += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
    return text, _SUM


def _product_text(parts: list[tuple[str, int]]) -> tuple[str, int]:
    if parts[0][0] == "-1" and len(parts) > 1:
        return f"-{_product_text(parts[1:])[0] if len(parts) > 2 else _fenced(parts[1], _PRODUCT)}", _SUM
    return " · ".join(_fenced(one, _POWER) for one in parts), _PRODUCT


def _power_text(parts: list[tuple[str, int]]) -> tuple[str, int]:
    return f"{_fenced(parts[0], _WHOLE)}^{_fenced(parts[1], _WHOLE)}", _POWER


_PRINTERS: dict[str, Callable[[list[tuple[str, int]]], tuple[str, int]]] = {
    "+": _sum_text, "*": _product_text, "^": _power_text,
}  # fmt: skip
