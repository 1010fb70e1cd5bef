"""Exponents as rational combinations of monomials: what e^u is a product of powers of.

−(w x)²/2 + b is {(w²x²): −1/2, (b): 1}.  Monomials may have negative exponents.  What is no polynomial in atoms is an
unknown that is told from others by its value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from verify.graph.nodes import Node

Monomial = tuple[tuple[Any, int], ...]
"""Unknowns with their exponents, in order."""

Form = dict[Monomial, Fraction]

MOST_TERMS = 400
LARGEST_POWER = 6
ONE: Form = {(): Fraction(1)}


class Exponents:
    """The forms of exponents.  Of each place, `parts` says what stands there is made of, `values` its value.

    `unknowns` are the nodes that are told apart by value.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        parts: Sequence[tuple[int, ...]],
        places: Mapping[Node, int],
        values: Sequence[int],
    ) -> None:
        self._nodes, self._parts, self._places, self._values = nodes, parts, places, values
        self._found: dict[Node, Form] = {}
        self.unknowns: list[Node] = []

    def of(self, node: Node) -> Form:
        """The form of one exponent."""
        found, stack = self._found, [node]
        while stack:
            top = stack[-1]
            needed = [part for part in self._inner(top) if part not in found] if top not in found else []
            if needed:
                stack += needed
                continue
            stack.pop()
            if top not in found:
                form = self._made(top)
                found[top] = self._unknown(top) if form is None or len(form) > MOST_TERMS else form
        return found[node]

    def _inner(self, node: Node) -> tuple[Node, ...]:
        if node.kind not in ("sum", "product", "power", "atom", "named"):
            return ()
        return tuple(self._nodes[part] for part in self._parts[self._places[node]])

    def _unknown(self, node: Node) -> Form:
        self.unknowns.append(node)
        return {((("value", self._values[self._places[node]]), 1),): Fraction(1)}

    def _made(self, node: Node) -> Form | None:
        parts = [self._found[part] for part in self._inner(node)]
        match node.kind:
            case "number":
                return {(): node.value} if node.value else {}
            case "pi" | "atom" | "named":
                return parts[0] if parts else {((("node", node.number), 1),): Fraction(1)}
            case "sum":
                return added(parts)
            case "product":
                return _folded(parts)
            case "power":
                return _raised(parts[0], node.value)
        return None


def added(forms: Iterable[Form]) -> Form:
    """The sum of forms."""
    result: Form = {}
    for form in forms:
        for monomial, coefficient in form.items():
            total = result.get(monomial, 0) + coefficient
            if total:
                result[monomial] = total
            else:
                del result[monomial]
    return result


def _folded(forms: Iterable[Form]) -> Form | None:
    result: Form = ONE
    for form in forms:
        if len(result) * len(form) > MOST_TERMS:
            return None
        result = _times(result, form)
    return result


def _times(left: Form, right: Form) -> Form:
    return added({_joined(m, n): c * d} for m, c in left.items() for n, d in right.items())


def _joined(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    exponents = dict(left)
    for unknown, exponent in right:
        exponents[unknown] = exponents.get(unknown, 0) + exponent
    return tuple(sorted((unknown, exponent) for unknown, exponent in exponents.items() if exponent))


def _raised(form: Form, exponent: int) -> Form | None:
    if len(form) == 1:
        ((monomial, coefficient),) = form.items()
        if abs(exponent) > LARGEST_POWER and abs(coefficient) != 1:
            return None
        return {tuple((unknown, k * exponent) for unknown, k in monomial): coefficient**exponent}
    if 0 < exponent <= LARGEST_POWER:
        return _folded([form] * exponent)
    return None
