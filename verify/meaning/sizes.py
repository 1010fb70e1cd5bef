r"""The sizes of arrays that are written with indices: axes that share an index letter have one size.

Axes, index letters and names of sizes are joined in classes (union–find); a class takes its number from a number in it,
else from the first free one of a list, so that different sizes stay different.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from math import prod

from verify.latex import tree as t
from verify.latex.walk import children
from verify.meaning.indices import bound_by, letter_of
from verify.meaning.naming import Names
from verify.meaning.roles import spelling

Token = tuple[Hashable, ...]


class Sizes:
    """Collects what has one size, and gives numbers."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._parent: dict[Token, Token] = {}
        self._numbers: dict[Token, int] = {}
        self._reaches: list[tuple[Token, t.Node, dict[str, Token]]] = []
        for name, sizes in names.shapes.items():
            for axis, size in enumerate(sizes):
                self.join(("axis", name, axis), self._size(size))

    def _size(self, size: int | str) -> Token:
        return ("number", size) if isinstance(size, int) else ("size", size)

    def root(self, token: Token) -> Token:
        """The class of a token."""
        self._parent.setdefault(token, token)
        while self._parent[token] != token:
            token = self._parent[token]
        return token

    def join(self, one: Token, other: Token) -> None:
        """Two tokens have one size; a number stays the root, then a name."""
        a, b = self.root(one), self.root(other)
        if a[0] in ("size", "number") and b[0] in ("size", "number") and a != b:
            return  # two sizes that were named apart stay apart: what runs over both does not fit
        if a != b:
            rank = {"number": 0, "size": 1, "axis": 2, "letter": 3}
            low, high = sorted((a, b), key=lambda token: rank[str(token[0])])
            self._parent[high] = low

    # --- collecting ---

    def statement(self, number: int, sides: Iterable[t.Node], indices: Iterable[t.Node] = (), name: str = "") -> None:
        """One equation: its free letters have one range each."""
        scope: dict[str, Token] = {}
        for axis, index in enumerate(indices):
            letter = letter_of(index)
            if letter is not None:
                scope[letter] = ("letter", number, letter)
                self.join(scope[letter], ("axis", name, axis))
        for side in sides:
            self._visit(side, scope, number)

    def _visit(self, node: t.Node, scope: dict[str, Token], number: int) -> None:
        if isinstance(node, t.Big):
            self._visit_sum(node, scope, number)
            return
        if isinstance(node, t.Letter | t.Scripted):
            self._quantity(node, scope, number)
        for part in children(node):
            self._visit(part, scope, number)

    def _visit_sum(self, node: t.Big, scope: dict[str, Token], number: int) -> None:
        inner = dict(scope)
        for letter in bound_by(node):
            inner[letter] = ("letter", number, letter, node.span, id(node))
        over = node.over.sides[-1] if isinstance(node.over, t.Comparison) else node.over
        starts = [one for one in node.under if isinstance(one, t.Comparison) and one.signs[0].kind == "equal"]
        if over is not None and len(starts) == 1:
            running = letter_of(starts[0].sides[0]) or ""
            first = starts[0].sides[1]
            token = self._limit(over)
            if running in inner and token is not None and isinstance(first, t.Number) and first.digits == "1":
                self.join(inner[running], token)
        self._visit(node.body, inner, number)

    def _limit(self, over: t.Node) -> Token | None:
        if isinstance(over, t.Number) and over.digits.isdigit():
            return ("number", int(over.digits))
        if isinstance(over, t.Letter):
            return ("size", spelling(over))
        named = self.names.named(over) if isinstance(over, t.Scripted) else None
        return ("size", named[0]) if named is not None else None

    def _quantity(self, node: t.Node, scope: dict[str, Token], number: int) -> None:
        named = self.names.named(node)
        if named is None or named[0] not in self.names.arrays:
            return
        for axis, index in enumerate(named[1]):
            letter = letter_of(index)
            token = ("axis", named[0], axis)
            if letter is None:
                self._reaches.append((token, index, dict(scope)))
            elif number < 0 and any(one == token for one, _, _ in self._reaches):
                continue  # the definitions reach beyond the letter's range, x_{i+k}: the claim's x_i is one of these
            elif letter not in self.names.sizes or letter in scope:
                self.join(scope.setdefault(letter, ("letter", number, letter)), token)

    # --- numbers ---

    def numbers(self, choices: tuple[int, ...]) -> dict[Token, int]:
        """A number for every class, different ones for different classes: the choices in their order.

        A choice that the text itself takes as a number makes way for one beyond all others, as different as it was.
        """
        roots = list(dict.fromkeys(self.root(token) for token in list(self._parent)))
        taken = {int(str(root[1])) for root in roots if root[0] == "number"}
        top = max((*choices, *taken), default=1)
        free = [one if one not in taken else top + one for one in choices]
        found: dict[Token, int] = {}
        place = 0
        for root in roots:
            if root[0] == "number":
                found[root] = int(str(root[1]))
            else:
                found[root] = free[place]
                place += 1
        self._stretch(found)
        return found

    def _stretch(self, found: dict[Token, int]) -> None:
        """Axes that are reached by i + k are as long as the furthest index."""
        for token, index, scope in self._reaches:
            root = self.root(token)
            far = _furthest(
                index, {letter: found[self.root(one)] for letter, one in scope.items() if self.root(one) in found}
            )
            own = any(self.root(one) == root for one in scope.values())  # x_{i+1} beside x_i: i cannot run on
            named = any(self.root(other) == root for other in self._parent if other[0] in ("size", "number"))
            only = not own and not named
            if far is not None and (root not in found or only):
                found[root] = max(found.get(root, 0), far)


def _furthest(index: t.Node, reach: dict[str, int]) -> int | None:
    """The largest value of an index such as i + k − 1 or 2i, by the ranges of its letters."""
    if isinstance(index, t.Number):
        return int(index.digits) if index.digits.isdigit() else None
    if isinstance(index, t.Letter):
        return reach.get(index.name)
    if isinstance(index, t.Negation):
        inner = index.body
        return -int(inner.digits) if isinstance(inner, t.Number) and inner.digits.isdigit() else -1
    if isinstance(index, t.Addition):
        parts = [_furthest(term, reach) for term in index.terms]
        return None if None in parts else sum(part for part in parts if part is not None)
    if isinstance(index, t.Multiplication):
        factors = [_furthest(factor, reach) for factor in index.factors]
        return None if None in factors else prod(factor for factor in factors if factor is not None)
    return None
