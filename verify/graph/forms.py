"""The quotient of each node of a graph, over one ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import fmpq

from verify.graph.angles import Angles, key_of, opposite
from verify.graph.cases import by_cases
from verify.graph.errors import Unclear, Undefined, circular
from verify.graph.nodes import Node, TooLarge
from verify.graph.orders import Orders
from verify.graph.polynomials import Generator
from verify.graph.powers import Powers
from verify.graph.quotients import Quotient, Ring

MOST_NESTED_SUMS = 3
MOST_SEPARATE = 200


class Form:
    """The quotients of nodes over one ring; `replaced(node)` is what stands for a name or an atom, or None."""

    def __init__(self, replaced: Callable[[Node], Node | None], ring: Ring, powers: Powers) -> None:
        self.replaced, self.ring, self.powers, self.signs = replaced, ring, powers, powers.signs
        self.angles, self.orders = Angles(ring), Orders(ring, powers.signs)
        self._found: dict[Node, Quotient | Undefined] = {}
        self._signs: dict[Node, Quotient] = {}
        self._combinations: dict[Node, dict[Node, Fraction]] = {}

    # --- walking ---

    def of(self, node: Node) -> Quotient:
        """The quotient of a node; raises `Undefined` where it has no value."""
        found = self._found
        stack = [node]
        open_nodes: set[Node] = set()
        while stack:
            top = stack[-1]
            if top in found:
                stack.pop()
                continue
            needed = [part for part in self._needed(top) if part not in found]
            if not needed:
                stack.pop()
                open_nodes.discard(top)
                found[top] = self._tried(top)
            elif top in open_nodes and any(part in open_nodes for part in needed):
                raise Unclear(circular((top, *needed)))
            else:
                open_nodes.add(top)
                stack += needed
        return self._value(node)

    def _needed(self, node: Node) -> tuple[Node, ...]:
        """The nodes whose quotients come first; of a decided choice, one branch only."""
        other = self.replaced(node)
        if other is not None:
            return (other,)
        if node.kind == "sum":
            return tuple(self._combination(node))
        if node.kind == "choose":
            condition, yes, no = node.args
            if condition not in self._found:
                return (condition,)
            try:
                return {1: (yes,), -1: (no,)}.get(self.decided(condition), (yes, no))
            except Undefined:
                return ()
        return node.args

    def _tried(self, node: Node) -> Quotient | Undefined:
        """A node without a value may still stand in the branch of a choice that is not taken."""
        try:
            return self._made(node)
        except Undefined as problem:
            return problem

    def _value(self, node: Node) -> Quotient:
        value = self._found[node]
        if isinstance(value, Undefined):
            raise value
        return value

    # --- nodes ---

    def _combination(self, node: Node) -> dict[Node, Fraction]:
        """The terms of a sum with rational coefficients; a number times a sum is taken apart."""
        found = self._combinations.get(node)
        if found is None:
            found = self._combinations[node] = {}
            waiting = [(part, Fraction(1), MOST_NESTED_SUMS) for part in reversed(node.args)]
            while waiting:
                one, times, depth = waiting.pop()
                scale, inner = _scaled(one)
                if inner.kind == "sum" and depth:
                    waiting += [(part, times * scale, depth - 1) for part in reversed(inner.args)]
                elif inner.kind == "sum":
                    found[one] = found.get(one, 0) + times
                else:
                    found[inner] = found.get(inner, 0) + times * scale
        return found

    def _multiple(self, node: Node, times: Fraction) -> Quotient:
        value = self._value(node)
        return value if times == 1 else self.ring.scaled(value, fmpq(times.numerator, times.denominator))

    def _made(self, node: Node) -> Quotient:
        other = self.replaced(node)
        if other is not None:
            return self._value(other)
        ring = self.ring
        match node.kind:
            case "number":
                return ring.constant(node.value)
            case "sum":
                return ring.add([self._multiple(part, times) for part, times in self._combination(node).items()])
            case "product":
                return ring.product(self._value(part) for part in node.args)
            case "power":
                return ring.power(self._value(node.args[0]), node.value)
            case "choose":
                return self._chosen(node)
            case "atom" | "named" | "pi":
                kind = "pi" if node.kind == "pi" else "free"
                return ring.monomial(ring.generator(node, lambda: Generator(kind, node)))
        if (node.kind, node.value) == ("function", "exp"):
            return self._exponential(node.args[0])
        if node.kind == "root" or node.value == "log":
            return self._of_factors(node)
        return by_cases(ring, [self._value(part) for part in node.args], lambda fixed: self._applied(node, fixed))

    def _of_factors(self, node: Node) -> Quotient:
        """A root or a logarithm, of a product that is taken apart as it is written."""
        factors = self._factors(node.args[0])
        exponents = [exponent for _, exponent in factors]

        def function(fixed: Sequence[Quotient]) -> Quotient:
            powers = list(zip(fixed, exponents, strict=True))
            return self.powers.log(powers) if node.kind == "function" else self.powers.root(powers, node.value)

        return by_cases(self.ring, [factor for factor, _ in factors], function, factors=True)

    def _factors(self, node: Node) -> list[tuple[Quotient, int]]:
        """The factors of a node, behind names, with their exponents."""
        found: dict[Node, int] = {}
        waiting = [(node, 1)]
        while waiting:
            one, exponent = waiting.pop()
            other = self.replaced(one)
            if other is not None:
                waiting.append((other, exponent))
            elif one.kind == "product":
                waiting += [(part, exponent) for part in reversed(one.args)]
            elif one.kind == "power":
                waiting.append((one.args[0], exponent * one.value))
            else:
                found[one] = found.get(one, 0) + exponent
        return [(self._value(factor), exponent) for factor, exponent in found.items() if exponent]

    def _exponential(self, node: Node) -> Quotient:
        """e^u: terms of u over different denominators stay apart, unless their sum is a polynomial."""
        total = self._value(node)
        terms = [total] if not total.denominator else self._terms(node)
        return by_cases(self.ring, terms, self.powers.exp)

    def _terms(self, node: Node) -> list[Quotient]:
        """The terms of a node, behind names, a number times a sum taken apart; added where denominators agree."""
        groups: dict[Any, list[Quotient]] = {}
        waiting = [(node, Fraction(1))]
        while waiting:
            one, times = waiting.pop()
            scale, inner = _scaled(one)
            other = self.replaced(inner)
            if other is not None:
                waiting.append((other, times * scale))
            elif inner.kind == "sum" and len(waiting) < MOST_SEPARATE:
                waiting += [(part, times * c * scale) for part, c in self._combination(inner).items()]
            else:
                term = self._multiple(inner, times * scale)
                groups.setdefault(term.denominator, []).append(term)
        return [self.ring.add(group) for group in groups.values()]

    def _applied(self, node: Node, arguments: Sequence[Quotient]) -> Quotient:
        """A function of arguments without signs."""
        argument = arguments[0] if arguments else self.ring.one
        match node.value:
            case "cos":
                return self.angles.of(argument)[0]
            case "sin":
                return self.angles.of(argument)[1]
            case "erf" | "arctan" | "arcsin":
                return self._odd(node.value, argument)
        return self._unknown(node.value, tuple(arguments))

    def _odd(self, name: str, argument: Quotient) -> Quotient:
        if argument.numerator == 0:
            return argument
        sign, argument = opposite(self.ring, argument)
        return self.ring.scaled(self._unknown(name, (argument,)), sign)

    def _unknown(self, name: Any, arguments: tuple[Quotient, ...]) -> Quotient:
        key = key_of(self.ring, name, arguments)
        return self.ring.monomial(self.ring.generator(key, lambda: Generator("value", key)))

    # --- signs ---

    def vanishes(self, node: Node) -> bool:
        """Whether the quotient of a node is 0 whatever the signs in it can be."""
        return self.orders.vanishes(self.of(node).numerator)

    def sign_of(self, node: Node) -> Quotient:
        """The sign of a node, as a polynomial in sign generators; raises `Undefined` for 0."""
        if node not in self._signs:
            sign = self.ring.one
            for factor, exponent in self._factors(node):
                if exponent % 2 or factor.numerator == 0:
                    sign = self.ring.multiply(sign, self._sign(factor))
            self._signs[node] = sign
        return self._signs[node]

    def _sign(self, quotient: Quotient) -> Quotient:
        known = self.signs.known(quotient)
        if known:
            return self.ring.scaled(self.ring.one, known)
        return by_cases(self.ring, [quotient], lambda one: self.signs.product(self.signs.of(one[0])), factors=True)

    def decided(self, node: Node) -> int:
        """1 or −1 where the sign of a node is known, else 0."""
        sign = self.sign_of(node).numerator
        return int(sign.leading_coefficient().p) if sign.is_constant() else 0

    def _chosen(self, node: Node) -> Quotient:
        condition, yes, no = node.args
        decided = self.decided(condition)
        values = [v for v in (self._found.get(yes), self._found.get(no)) if isinstance(v, tuple)]
        if decided or len(values) < 2:
            if not values or decided:
                return self._value(yes if decided >= 0 else no)
            return values[0]
        ring = self.ring
        odd = ring.multiply(self.sign_of(condition), ring.subtract(*values))
        return ring.add((ring.scaled(ring.add(values), fmpq(1, 2)), ring.scaled(odd, fmpq(1, 2))))

    def assume(self, node: Node) -> None:
        """The node is positive from here on; what has no quotient, or holds signs of other things, is not used."""
        try:
            quotient = self.of(node)
        except (TooLarge, Undefined):
            return
        if not any(self.ring.holds(quotient.numerator, sign) for sign in self.ring.signs):
            self.signs.assume_positive(quotient)
            self._found.clear()
            self._signs.clear()


def _scaled(node: Node) -> tuple[Fraction, Node]:
    """(c, u) of a node c·u with a number c; else 1 and the node."""
    if node.kind == "product" and len(node.args) == 2:
        for number, other in (node.args, reversed(node.args)):
            if number.kind == "number":
                return number.value, other
    return Fraction(1), node
