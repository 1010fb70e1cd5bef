r"""Sums over an index, functions by cases, and the conditions in both."""

from __future__ import annotations

from sympy import Expr, KroneckerDelta

from verify.latex import tree as t
from verify.meaning.errors import Unsupported
from verify.meaning.indices import letter_of
from verify.programs.axes import Axis
from verify.programs.entries import Places
from verify.programs.functions import chosen
from verify.programs.places import Bound, Env, bound
from verify.programs.values import Value, constant, late
from verify.programs.written import apart_letters, one_more, runs_in, starts, whole, written

_GREATER, _LESS = ("greater", "at-least"), ("less", "at-most")
_EQUAL = ("equal", "identical")


class Sums(Places):
    """The part of the evaluator that knows sums and cases."""

    def series(self, node: t.Big, env: Env) -> Value:
        sign = node.sign.lstrip("\\")
        if sign != "sum":
            usual = {"prod": "a product over an index is not derived; its logarithm is a sum"}
            raise Unsupported(node, usual.get(sign, f"{sign} over an index is not derived"))
        letters = self._binders(node, env)
        inner = dict(env)
        running: dict[str, Expr] = {}
        for letter in letters:
            axis = self._range(node, letter)
            self.axes.spoken(axis, letter)
            inner[letter] = bound(axis, letter, running)
        body = self._kept(node, inner)
        return Value(body.axes, lambda at: self._run(list(letters), inner, running, body, at))

    def _binders(self, node: t.Big, env: Env) -> list[str]:
        """The letters that a sum runs over, in order; of i \\ne j both, where nothing around it says what j is."""
        letters = [letter for item in node.binders for letter in written(item)]
        letters += [letter for letter in apart_letters(node) if letter not in env]
        if not letters:
            raise Unsupported(node, "this sum does not say over what it runs")
        return list(dict.fromkeys(letters))

    def _run(self, letters: list[str], env: Env, running: dict[str, Expr], body: Value, at: tuple[Expr, ...]) -> Expr:
        if not letters:
            return body.entry(at)
        first, *rest = letters

        def term(index: Expr) -> Expr:
            old = running.get(first)
            running[first] = index
            try:
                return self._run(rest, env, running, body, at)
            finally:
                if old is not None:
                    running[first] = old

        return self.algebra.summed(env[first].axis, term, first)

    def _range(self, node: t.Big, letter: str) -> Axis:
        """The axis that a sum runs over: that of its limits where it has any."""
        begins = [one for one in node.under if isinstance(one, t.Comparison) and starts(one, letter)]
        named = self.means.get(id(node))
        if not begins or node.over is None:
            if not runs_in(node.body, letter):
                raise Unsupported(node, f"nothing says how far {letter} runs")
            return self.axes.fresh() if named is None else self.axes.named(named)
        over = node.over.sides[-1] if isinstance(node.over, t.Comparison) else node.over
        first = whole(begins[0].sides[1])
        if first == (0 if self.from_zero else 1):
            return self.size_axis(over if first else one_more(over))
        raise Unsupported(begins[0], "sums run over a whole axis: from 1 to n, or from 0 to n - 1")

    def _kept(self, node: t.Big, env: Env) -> Value:
        """The body of a sum, with 0 where a condition under it, i ≠ j, does not hold."""
        body = self.value(node.body, env)
        for one in node.under:
            if not isinstance(one, t.Comparison) or starts(one, *env):
                continue
            pair = [letter_of(side) for side in one.sides]
            if [sign.kind for sign in one.signs] != ["unequal"] or not all(name in env for name in pair):
                raise Unsupported(one, "of the conditions under a sum only i \\ne j is derived")
            a, b = (env[str(name)] for name in pair)
            self.meet(a.axis, b.axis, one)
            body = self.algebra.hadamard(_apart(a, b), body)
        return body

    # --- cases ---

    def indicator(self, node: t.Indicator, env: Env) -> Value:
        return self._where(node.condition, constant(1), constant(0), env)

    def cases(self, node: t.Cases, env: Env) -> Value:
        found: Value | None = None
        for row in reversed(node.rows):
            value = self.value(row.value, env)
            conditions = [one for one in row.conditions if isinstance(one, t.Comparison)]
            if found is None or not conditions:
                found = value
                continue
            for one in conditions:
                value = self._where(one, value, found, env)
            found = value
        if found is None:
            raise Unsupported(node, "no case is left")
        return found

    def _where(self, node: t.Node, yes: Value, no: Value, env: Env) -> Value:
        """One value where a comparison holds, another where it does not; single points do not matter."""
        if isinstance(node, t.Bracket) and len(node.items) == 1:
            return self._where(node.items[0], yes, no, env)
        if not isinstance(node, t.Comparison) or len(node.signs) != 1:
            raise Unsupported(node, "this condition is not derived")
        kind = node.signs[0].kind
        if kind in (*_EQUAL, "unequal"):
            return self._where_equal(node, kind, yes, no, env)
        if kind not in (*_GREATER, *_LESS):
            raise Unsupported(node, "this condition is not derived")
        left, right = (self.value(side, env) for side in node.sides)
        less = kind in _LESS
        return self.algebra.each(lambda a, b, u, v: chosen(b - a if less else a - b, u, v), left, right, yes, no)

    def _where_equal(self, node: t.Comparison, kind: str, yes: Value, no: Value, env: Env) -> Value:
        names = [letter_of(side) for side in node.sides]
        if not all(name in env for name in names):
            return no if kind in _EQUAL else yes
        a, b = (env[str(name)] for name in names)
        self.meet(a.axis, b.axis, node)
        same = late(lambda: KroneckerDelta(a.place(), b.place()))
        first, second = (yes, no) if kind in _EQUAL else (no, yes)
        return self.algebra.each(lambda s, u, v: s * u + (1 - s) * v, same, first, second)


def _apart(a: Bound, b: Bound) -> Value:
    """1 where two indices differ, else 0."""
    return late(lambda: 1 - KroneckerDelta(a.place(), b.place()))
