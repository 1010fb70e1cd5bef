r"""The exact judge: a scalar as a quotient of polynomials in independent generators, zero exactly where that is 0.

What `True` promises: the node is 0 at every point where all its parts have a value and the assumed facts hold, up to
kinks (a condition of `choose` that is 0) and to points that are limits of others.  It says nothing where no part of the
formula has a value at all, nor whether two sides have values at the same points; `conditions` tells what must be
positive for a node to have one.

Why it is sound: every rule is an identity on a dense part of the domain (e^(u+v) = e^u e^v, r^d = |f|, σ² = 1), a
quotient is 0 if its numerator is, and what is 0 on a dense part of where it is continuous is 0 there.  'Not zero' is no
proof of difference: 1 + arctan and its kin have relations that no rule here states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import fmpq

from verify.graph.angles import Angles, key_of, opposite
from verify.graph.errors import Unclear, Undefined
from verify.graph.exponentials import Degrees, Rescale
from verify.graph.nodes import Graph, Node, TooLarge
from verify.graph.powers import Powers
from verify.graph.quotients import Full, Generator, Quotient, Ring, by_cases
from verify.graph.signs import Signs

MOST_TERMS = 20_000
MOST_WORK = 400_000
MOST_ATTEMPTS = 12
SMALLEST_RING = 8
LARGEST_RING = 512
MOST_VISITED = 50_000
MOST_NESTED_SUMS = 3
MOST_SEPARATE = 200
LEAVES = ("atom", "named", "opaque", "function", "root", "choose", "pi")


class NormalForm:
    """The normal forms of the nodes of one graph; each is found once.

    `behind(node)` is asked for every named node and every atom: what stands for it, or None to keep it as an unknown.
    Without it every named node is looked behind.  `facts` replaces atoms (or names) by nodes, before `behind` is asked.
    `positive` are nodes that are known to be > 0.  `defined` are nodes taken to have a value: what that needs to be
    positive (`conditions`) is known too.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        behind: Callable[[Node], Node | None] | None = None,
        positive: Iterable[Node] = (),
        defined: Iterable[Node] = (),
        facts: Mapping[Node, Node] | None = None,
        most_terms: int = MOST_TERMS,
        most_work: int = MOST_WORK,
    ) -> None:
        self.graph = graph
        self.reason = ""
        self._behind = behind or (lambda node: graph.body(node) if node.kind == "named" else None)
        self._facts = dict(facts or {})
        self._most_terms, self._most_work = most_terms, most_work
        self._degrees = Degrees()
        self._size = 0
        self._form: _Form | None = None
        self._positive = list(positive)
        for node in defined:
            self._positive += self.conditions(node)

    # --- questions ---

    def zero(self, node: Node) -> bool | None:
        """True: proved to be 0; False: the form is not 0, which proves nothing; None: no form, see `reason`."""
        return self._asked(node, lambda form: form.of(node).numerator == 0)

    def equal(self, a: Node, b: Node) -> bool | None:
        """`zero` of the difference."""
        return True if a is b else self.zero(a - b)

    def sign(self, node: Node) -> int | None:
        """1 or −1 where the node is known to be positive or negative wherever it is not 0, else None."""
        return self._asked(node, lambda form: form.of(node) and form.decided(node)) or None

    def conditions(self, node: Node) -> list[Node]:
        """What must be positive for the node to have a value: what stands under logarithms and even roots.

        What stands in a branch of `choose` is not among them, nor what must merely differ from 0.
        """
        found: dict[Node, None] = {}
        for part in self._reached([node], branches=False):
            even_root = part.kind == "root" and part.value % 2 == 0
            if (even_root or (part.kind, part.value) == ("function", "log")) and part.args[0].constant is None:
                found[part.args[0]] = None
        return list(found)

    # --- attempts ---

    def _asked(self, node: Node, question: Callable[[_Form], Any]) -> Any:
        """The answer over a ring that is large enough, or None, with `reason`."""
        if node.graph is not self.graph:
            raise ValueError("the node belongs to another graph")
        self.reason = ""
        try:
            for _ in range(MOST_ATTEMPTS):
                try:
                    form = self._form = self._form or self._formed(node)
                    form.ring.work = 0
                    return question(form)
                except Full:
                    if self._size == LARGEST_RING:
                        raise TooLarge(f"the formula has more than {LARGEST_RING} independent parts") from None
                    self._form, self._size = None, min(2 * self._size, LARGEST_RING)
                except Rescale:
                    self._form = None
            raise TooLarge("the exponents of the formula have no common denominator")
        except (TooLarge, Unclear, Undefined) as problem:
            self.reason = str(problem) or type(problem).__name__
            return None

    def _formed(self, node: Node) -> _Form:
        """A form whose ring has room for the generators that the node is likely to need."""
        if not self._size:
            reached = self._reached([node, *self._positive])
            leaves = sum(1 for part in reached if part.kind in LEAVES and self.replaced(part) is None)
            self._size = min(max(SMALLEST_RING, leaves + leaves // 4 + 2), LARGEST_RING)
        ring = Ring(self._size, self._most_terms, self._most_work)
        form = _Form(self, ring, Powers(ring, Signs(ring), self._degrees))
        atoms = [positive for positive in self._positive if positive.kind in ("atom", "named")]
        for positive in (*atoms, *(p for p in self._positive if p not in atoms)):
            form.assume(positive)
        return form

    def replaced(self, node: Node) -> Node | None:
        """What stands for a name or an atom."""
        if node.kind not in ("atom", "named"):
            return None
        fact = self._facts.get(node)
        return self._behind(node) if fact is None else fact

    def _reached(self, start: Sequence[Node], branches: bool = True) -> list[Node]:
        """Every node that the given ones are made of, behind names too."""
        seen = set(start)
        stack = list(seen)
        while stack:
            node = stack.pop()
            other = self.replaced(node)
            parts = node.args if other is None else (other,)
            for part in parts if branches or node.kind != "choose" else parts[:1]:
                if part not in seen:
                    seen.add(part)
                    stack.append(part)
            if len(seen) > MOST_VISITED:
                raise TooLarge(f"the formula has more than {MOST_VISITED:,} parts")
        return sorted(seen, key=lambda one: one.number)


class _Form:
    """The quotients of nodes over one ring."""

    def __init__(self, owner: NormalForm, ring: Ring, powers: Powers) -> None:
        self.owner, self.ring, self.powers, self.signs = owner, ring, powers, powers.signs
        self.angles = Angles(ring)
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
                raise Unclear(f"{top!r} is defined by itself")
            else:
                open_nodes.add(top)
                stack += needed
        return self._value(node)

    def _needed(self, node: Node) -> tuple[Node, ...]:
        """The nodes whose quotients come first; of a decided choice, one branch only."""
        other = self.owner.replaced(node)
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
        other = self.owner.replaced(node)
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
            other = self.owner.replaced(one)
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
            other = self.owner.replaced(inner)
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
