"""The rigorous judge: the value of a node at a point, exact while it is rational, else a ball that contains it.

Two disjoint balls prove that two nodes differ at that point (Johansson 2017, Arb: efficient arbitrary-precision
midpoint-radius interval arithmetic, IEEE Transactions on Computers 66).  FLINT's precision belongs to the process: it
is set for each evaluation and put back, so that threads must not evaluate at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq, fmpz

from verify.graph.errors import Undefined, circular
from verify.graph.nodes import Graph, Node
from verify.graph.opaques import Opaque

__all__ = ["Enclosure", "Imprecise", "Undefined", "separated"]

Ball = Any
"""FLINT's `arb`."""

FIRST_BITS, LAST_BITS = 64, 512
LARGEST_EXACT_BITS = 4096
LARGEST_EXPONENT = 10**6


class Imprecise(Undefined):
    """Raised where a ball is too wide to tell whether there is a value: more bits may do."""


class Enclosure:
    """The values of the nodes of one graph where atoms (or names) have these values, with `bits` of precision.

    A node in `facts` has the value of the node that it is mapped to.  `opaque(name, arity)` is the function that an
    unknown name stands for.  An atom without a value raises `ValueError`.
    """

    def __init__(
        self,
        graph: Graph,
        values: Mapping[Node, Fraction | int],
        *,
        facts: Mapping[Node, Node] | None = None,
        opaque: Callable[[str, int], Opaque] = Opaque,
        bits: int = FIRST_BITS,
    ) -> None:
        self.graph, self.bits = graph, bits
        self._values, self._facts, self._opaque = dict(values), dict(facts or {}), opaque
        self._found: dict[Node, Any] = {
            node: fmpq(value.numerator, value.denominator) for node, value in self._values.items()
        }

    def finer(self) -> Enclosure:
        """The same point with twice the bits."""
        return Enclosure(self.graph, self._values, facts=self._facts, opaque=self._opaque, bits=2 * self.bits)

    def of(self, node: Node) -> Ball:
        """A ball around the value.  Raises `Undefined` where there is none, `Imprecise` where that is not clear."""
        value = self._value(node)
        return self._ball(value) if isinstance(value, fmpq) else value

    def exact(self, node: Node) -> Fraction | None:
        """The value where it was found without rounding, else None; raises as `of` does."""
        value = self._value(node)
        return Fraction(int(value.p), int(value.q)) if isinstance(value, fmpq) else None

    def disjoint(self, a: Node, b: Node) -> bool:
        """Whether the values are certainly different."""
        left, right = self._value(a), self._value(b)
        if isinstance(left, fmpq) and isinstance(right, fmpq):
            return bool(left != right)
        return not self.of(a).overlaps(self.of(b))

    def separated(self, left: Node, right: Node, most_bits: int = LAST_BITS) -> tuple[Ball, Ball] | None:
        """Two disjoint balls, found by doubling the bits; None where the values are equal or cannot be told apart.

        Raises `Undefined` where one of them has no value here, or none that can be found with `most_bits`.
        """
        enclosure = self
        while True:
            try:
                if enclosure.disjoint(left, right):
                    return enclosure.of(left), enclosure.of(right)
                if enclosure.exact(left) is not None and enclosure.exact(right) is not None:
                    return None
            except Imprecise:
                if 2 * enclosure.bits > most_bits:
                    raise
            if 2 * enclosure.bits > most_bits:
                return None
            enclosure = enclosure.finer()

    # --- walking ---

    def _value(self, node: Node) -> Any:
        if node not in self._found:
            before = ctx.prec
            ctx.prec = self.bits
            try:
                self._walk(node)
            finally:
                ctx.prec = before
        value = self._found[node]
        if isinstance(value, Undefined):
            raise value
        return value

    def _walk(self, node: Node) -> None:
        found, stack = self._found, [node]
        begun: set[Node] = set()
        while stack:
            top = stack[-1]
            if top in found:
                stack.pop()
                continue
            needed = [part for part in self._needed(top) if part not in found]
            if needed:
                begun.add(top)
                if not begun.isdisjoint(needed):
                    raise ValueError(circular((top, *needed)))
                stack += needed
                continue
            stack.pop()
            begun.discard(top)
            try:
                found[top] = self._checked(self._made(top))
            except Undefined as problem:
                found[top] = problem

    def _needed(self, node: Node) -> tuple[Node, ...]:
        if node in self._facts:
            return (self._facts[node],)
        if node.kind == "named":
            return (self.graph.body(node),)
        if node.kind == "choose":
            condition = node.args[0]
            if condition not in self._found:
                return (condition,)
            try:
                return (self._branch(node),)
            except Undefined:
                return ()
        return node.args

    def _branch(self, node: Node) -> Node:
        condition, yes, no = node.args
        value = self._known(condition)
        if value > 0:
            return yes
        if value < 0:
            return no
        raise (Undefined if isinstance(value, fmpq) else Imprecise)("a condition is 0: a kink")

    def _known(self, node: Node) -> Any:
        value = self._found[node]
        if isinstance(value, Undefined):
            raise value
        return value

    def _checked(self, value: Any) -> Any:
        if isinstance(value, fmpq):
            large = value.p.bit_length() + value.q.bit_length() > LARGEST_EXACT_BITS
            return self._ball(value) if large else value
        if not value.is_finite():
            raise Imprecise("no finite value")
        return value

    def _ball(self, value: Any) -> Ball:
        before = ctx.prec
        ctx.prec = self.bits
        try:
            return arb(value)
        finally:
            ctx.prec = before

    # --- nodes ---

    def _made(self, node: Node) -> Any:
        if node in self._facts or node.kind == "named":
            return self._known(self._needed(node)[0])
        match node.kind:
            case "atom":
                raise ValueError(f"{node.value} has no value")
            case "number":
                return fmpq(node.value.numerator, node.value.denominator)
            case "pi":
                return arb.pi()
            case "choose":
                return self._known(self._branch(node))
        arguments = [self._known(part) for part in node.args]
        match node.kind:
            case "sum":
                return sum(arguments[1:], arguments[0])
            case "product":
                return _product(arguments)
            case "power":
                return _power(arguments[0], node.value)
            case "root":
                return _root(arguments[0], node.value)
            case "opaque":
                name, places = node.value
                return self._opaque(name, len(arguments)).value(arguments, places)
        return _function(node.value, arguments[0])


def separated(
    left: Node, right: Node, values: Mapping[Node, Fraction | int], *, facts: Mapping[Node, Node] | None = None
) -> tuple[Ball, Ball] | None:
    """Disjoint balls around two nodes at a point, or None; raises as `Enclosure.separated` does."""
    return Enclosure(left.graph, values, facts=facts).separated(left, right)


def _product(factors: list[Any]) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _power(base: Any, exponent: int) -> Any:
    if exponent < 0:
        if isinstance(base, fmpq):
            if base == 0:
                raise Undefined("a division by zero")
        elif base.contains(0):
            raise Imprecise("a division by what may be zero")
    exact = isinstance(base, fmpq)
    if exact and (base.p.bit_length() + base.q.bit_length()) * abs(exponent) > 4 * LARGEST_EXACT_BITS:
        base = arb(base)
    return base**exponent if exact or abs(exponent) <= LARGEST_EXPONENT else base ** fmpz(exponent)


def _root(base: Any, degree: int) -> Any:
    if isinstance(base, fmpq):
        if base < 0 and degree % 2 == 0:
            raise Undefined("an even root of a negative number")
        if base < 0:
            return -_root(-base, degree)
        above, below = base.p.root(degree), base.q.root(degree)
        if above**degree == base.p and below**degree == base.q:
            return fmpq(above, below)
        return arb(base).root(degree)
    if base > 0:
        return base.root(degree)
    if base < 0:
        if degree % 2:
            return -(-base).root(degree)
        raise Undefined("an even root of a negative number")
    raise Imprecise("a root of what may be zero")


def _function(name: str, argument: Any) -> Any:
    if isinstance(argument, fmpq):
        if argument == 0 and name != "log":
            return fmpq(1 if name in ("exp", "cos") else 0)
        if argument == 1 and name == "log":
            return fmpq(0)
        argument = arb(argument)
    match name:
        case "exp":
            return argument.exp()
        case "log":
            return _log(argument)
        case "erf":
            return argument.erf()
        case "sin":
            return argument.sin()
        case "cos":
            return argument.cos()
        case "arctan":
            return argument.atan()
        case "arcsin":
            return _arcsin(argument)
    raise ValueError(f"no ball for the function {name}")


def _log(argument: Any) -> Any:
    if argument > 0:
        return argument.log()
    if argument <= 0:
        raise Undefined("a logarithm of what is not positive")
    raise Imprecise("a logarithm of what may be zero")


def _arcsin(argument: Any) -> Any:
    if abs(argument) > 1:
        raise Undefined("an arcsine of what is larger than 1")
    return argument.asin()
