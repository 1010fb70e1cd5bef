r"""The exact judge: a scalar as a quotient of polynomials in independent generators, zero exactly where that is 0.

What `True` promises: the node is 0 at every point where all its parts have a value and the assumed facts hold, up to
kinks (a condition of `choose` that is 0) and to points that are limits of others.  It says nothing where no part of the
formula has a value at all, nor whether two sides have values at the same points; `conditions` tells what must be
positive for a node to have one.

Why it is sound: every rule is an identity on a dense part of the domain (e^(u+v) = e^u e^v, r^d = |f|, σ² = 1), a
quotient is 0 if its numerator is, and what is 0 on a dense part of where it is continuous is 0 there.  A name that is
not looked behind is a free variable: what holds for all its values holds for its own.

'Not zero' is no proof of difference: arctan x + arctan(1/x), or the order of three numbers, have relations that no rule
here states.

    nodes → forms (the quotient of each node) → powers (roots, logarithms), exponentials, angles
                                              → signs, orders, cases → quotients → polynomials
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from verify.graph.errors import Unclear, Undefined
from verify.graph.exponentials import Degrees, Rescale
from verify.graph.forms import Form
from verify.graph.nodes import Graph, Node, TooLarge
from verify.graph.polynomials import Full
from verify.graph.powers import Powers
from verify.graph.quotients import Ring
from verify.graph.signs import Signs

MOST_TERMS = 20_000
MOST_WORK = 400_000
MOST_ATTEMPTS = 12
SMALLEST_RING = 8
LARGEST_RING = 256
MOST_VISITED = 50_000
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
        self._form: Form | None = None
        self._positive = list(positive)
        for node in defined:
            self._positive += self.conditions(node)

    # --- questions ---

    def zero(self, node: Node) -> bool | None:
        """True: proved to be 0; False: the form is not 0, which proves nothing; None: no form, see `reason`."""
        return self._asked(node, lambda form: form.vanishes(node))

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

    def _asked(self, node: Node, question: Callable[[Form], Any]) -> Any:
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

    def _formed(self, node: Node) -> Form:
        """A form whose ring has room for the generators that the node is likely to need."""
        if not self._size:
            reached = self._reached([node, *self._positive])
            leaves = sum(1 for part in reached if part.kind in LEAVES and self.replaced(part) is None)
            self._size = min(max(SMALLEST_RING, leaves + leaves // 4 + 2), LARGEST_RING)
        ring = Ring(self._size, self._most_terms, self._most_work)
        form = Form(self.replaced, ring, Powers(ring, Signs(ring), self._degrees))
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
