r"""A syntax tree as a value over axes whose lengths are not known yet: what a formula says for arrays of every size.

The rules are those of `verify.meaning.evaluate`, which computes with numbers at concrete sizes: a vector is a column,
what stands side by side is a product of matrices, functions of numbers work entry by entry.  What does not fit raises
`Misfit`, what has no role `NoRole`, what is not derived here `Unsupported`; each names the part of the formula.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from sympy import E, Expr, Integer, KroneckerDelta, Piecewise, Rational, exp, log, root, sqrt

from derive.named import Det, Inverse, LogDet
from verify.latex import tree as t
from verify.latex.resolve import exponent_of
from verify.meaning.errors import Meaningless, Misfit, NoRole, Unsupported
from verify.meaning.evaluate import scripts_of, word_of
from verify.meaning.indices import bound_by, letter_of, letters_of
from verify.meaning.roles import spelling
from verify.programs.axes import ONE, Axis, Unjoined
from verify.programs.functions import CONSTANTS, OF_ONE, chosen, larger, smaller
from verify.programs.places import Bound, Env, Place, expression, place_of
from verify.programs.quantities import Quantities
from verify.programs.values import Unfit, Value, constant, late

_GREATER, _LESS = ("greater", "at-least"), ("less", "at-most")
_EQUAL = ("equal", "identical")


class Evaluator(Quantities):
    """Evaluates the trees of one text."""

    def value(self, node: t.Node, env: Env) -> Value:
        """The value of a tree."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise Unsupported(node, "this is not derived here")
        try:
            return rule(self, node, env)
        except Unfit as error:
            raise Misfit(node, str(error)) from None

    def scalar(self, node: t.Node, env: Env) -> Value:
        """The value of a tree that is one number."""
        found = self.value(node, env)
        if not found.number:
            raise Misfit(node, f"a number is needed here, not an array of {self.algebra.shape(found)}")
        return found

    # --- leaves ---

    def _number(self, node: t.Number, env: Env) -> Value:
        if len(node.digits) > 400:
            raise Unsupported(node, "this number has too many digits")
        exact = node.value
        return constant(Rational(exact.numerator, exact.denominator))

    def _letter(self, node: t.Letter | t.Scripted, env: Env) -> Value:
        name = letter_of(node)
        if name is not None and name in env:
            raise Unsupported(node, f"the index {name} stands here as a number, which is not derived")
        found = self._special(node, env)
        if found is None:
            found = self.quantity(node, env)
        if found is None:
            found = self._scripted(node, env)
        if found is None:
            raise NoRole(node, "this has no role here")
        return found

    def _special(self, node: t.Letter | t.Scripted, env: Env) -> Value | None:
        r"""π, e^x, the column \mathbf{1}, I, Kronecker's δ; also with a ᵀ."""
        exponent = exponent_of(node)
        if exponent is not None and not self.known("e"):
            return self.algebra.each(exp, self.value(exponent, env))
        base = node.base if isinstance(node, t.Scripted) else node
        if not isinstance(base, t.Letter):
            return None
        upper = node.upper if isinstance(node, t.Scripted) else ()
        if base.name in CONSTANTS and isinstance(node, t.Letter) and not self.known(base.name):
            return constant(CONSTANTS[base.name])
        if base.name == "1" and base.font in ("mathbf", "boldsymbol", "mathbb"):
            return self.marked(Value((self._size(node), ONE), lambda at: Integer(1)), upper, node, env)
        if base.name == "I" and not self.known("I"):
            return self.marked(self.algebra.identity(self._size(node)), upper, node, env)
        return self._kronecker(node, base, env)

    def _size(self, node: t.Node) -> Axis:
        """The axis that the script of 1_n or I_n names; a new one without."""
        if isinstance(node, t.Scripted) and node.lower is not None and len(node.lower.items) == 1:
            return self.size_axis(node.lower.items[0])
        return self.axes.fresh()

    def _kronecker(self, node: t.Node, base: t.Letter, env: Env) -> Value | None:
        if base.name != r"\delta" or not isinstance(node, t.Scripted) or node.lower is None or node.upper:
            return None
        pair = self.split(node.lower, 2)
        if pair is None or self.known(r"\delta") or not letters_of(node.lower) <= env.keys():
            return None
        one, other = (place_of(index, env, self.sizes) for index in pair)
        if one.letter and other.letter:
            self._meet(env[one.letter].axis, env[other.letter].axis, node)
        return late(lambda: KroneckerDelta(self.at(one, env), self.at(other, env)))

    def at(self, place: Place, env: Env) -> Expr:
        """The index that a place is, once the axes are known."""
        return expression(place, env, lambda size: self.axes.length(self.axes.named(size)), self.from_zero)

    def _meet(self, one: Axis, other: Axis, node: t.Node) -> None:
        try:
            self.axes.join(one, other)
        except Unjoined as error:
            raise Misfit(node, f"this joins axes of the lengths {error}") from None

    def _scripted(self, node: t.Node, env: Env) -> Value | None:
        if not isinstance(node, t.Scripted) or isinstance(node.base, t.Letter):
            return None
        return self.marked(self._entries(self.value(node.base, env), node.lower, node, env), node.upper, node, env)

    def _entries(self, value: Value, lower: t.Script | None, node: t.Node, env: Env) -> Value:
        """The entry that a lower script names."""
        if lower is None:
            return value
        long = value.long
        indices = self.split(lower, len(long))
        if not long or indices is None:
            raise Misfit(node, f"this has {len(long)} indices, which its script does not name")
        return self.picked(value, long, indices, env)

    def picked(self, value: Value, long: tuple[Axis, ...], indices: tuple[t.Node, ...], env: Env) -> Value:
        """An entry, or with too few indices the rest as an array, a vector being a column."""
        places = [place_of(index, env, self.sizes) for index in indices]
        for place, axis, index in zip(places, long, indices, strict=False):
            if place.letter is not None:
                self._meet(axis, env[place.letter].axis, index)
        rest = long[len(places) :]

        def entry(at: tuple[Expr, ...]) -> Expr:
            chosen_places = iter([*(self.at(place, env) for place in places), *at[: len(rest)]])
            full = tuple(Integer(1) if axis == ONE else next(chosen_places) for axis in value.axes)
            return value.entry(full)

        return Value((*rest, ONE) if len(rest) == 1 else rest, entry)

    # --- marks ---

    def marked(self, value: Value, upper: tuple[t.Mark, ...], node: t.Node, env: Env) -> Value:
        """A transpose or a power, as the upper scripts say."""
        for mark in upper:
            if isinstance(mark, t.Transpose) or (isinstance(mark, t.Prime) and not value.number):
                value = self.algebra.transposed(value)
            elif isinstance(mark, t.Raised):
                value = self.raised(value, mark.body, env, mark.fence in (r"\odot", r"\circ"))
            else:
                raise Unsupported(node, "a prime on what is no function")
        return value

    def raised(self, base: Value, exponent: t.Node, env: Env, entrywise: bool = False) -> Value:
        """A power: of each entry for vectors, of the matrix for others; A^{-1} is the inverse."""
        power = self.scalar(exponent, env)
        whole = _whole(exponent)
        if len(base.long) == 2 and not entrywise:
            return self._matrix_power(base, whole, exponent, env)
        return self.algebra.each(lambda u, v: u**v, base, power)

    def _matrix_power(self, base: Value, count: int | None, exponent: t.Node, env: Env) -> Value:
        self.algebra.square(base, "a power")
        if count == -1:
            array = self.named_array(base, "M", exponent, env)
            return Value(base.axes[::-1], lambda at: Inverse(array())[at], lambda: Inverse(array()))
        if count is None or not 1 <= count <= 8:
            raise Unsupported(exponent, "this power of a matrix is not derived")
        return reduce(self.algebra.times, [base] * count)

    # --- arithmetic ---

    def _bracket(self, node: t.Bracket, env: Env) -> Value:
        if len(node.items) == 1:
            return self.value(node.items[0], env)
        raise Unsupported(node, "a list of numbers is not derived")

    def _negation(self, node: t.Negation, env: Env) -> Value:
        return self.algebra.each(lambda u: -u, self.value(node.body, env))

    def _addition(self, node: t.Addition, env: Env) -> Value:
        return reduce(self.algebra.plus, (self.value(term, env) for term in node.terms))

    def _multiplication(self, node: t.Multiplication, env: Env) -> Value:
        found = self.value(node.factors[0], env)
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            found = self._multiplied(sign, found, self.value(factor, env))
        return found

    def _multiplied(self, sign: str, one: Value, other: Value) -> Value:
        algebra = self.algebra
        by_sign = {r"\cdot": algebra.dot, r"\oslash": algebra.over, r"\otimes": algebra.outer}
        if sign in (r"\odot", r"\circ", "*"):
            return algebra.hadamard(one, other)
        return by_sign.get(sign, algebra.times)(one, other)

    def _fraction(self, node: t.Fraction, env: Env) -> Value:
        return self.algebra.over(self.value(node.above, env), self.value(node.below, env))

    def _power(self, node: t.Power, env: Env) -> Value:
        exponent = exponent_of(node)
        if exponent is not None and not self.known("e"):
            return self.algebra.each(exp, self.value(exponent, env))
        return self.raised(self.value(node.base, env), node.exponent, env)

    def _transposed(self, node: t.Transposed, env: Env) -> Value:
        return self.algebra.transposed(self.value(node.base, env))

    def _primed(self, node: t.Primed, env: Env) -> Value:
        value = self.value(node.base, env)
        if value.number or node.count > 1:
            raise Unsupported(node, "a prime on what is no function")
        return self.algebra.transposed(value)

    def _root(self, node: t.Root, env: Env) -> Value:
        degree = 2 if node.degree is None else _whole(node.degree)
        if degree is None or not 2 <= degree <= 64:
            raise Unsupported(node, "a root of this degree is not derived")
        return self.algebra.each(lambda u: sqrt(u) if degree == 2 else root(u, degree), self.value(node.body, env))

    def _norm(self, node: t.Norm, env: Env) -> Value:
        value = self.value(node.body, env)
        if not node.double and value.number:
            return self.algebra.each(abs, value)
        if not node.double and len(value.long) == 2:
            return self._determinant(value, node, env, Det)
        kind = node.lower.items[0] if node.lower else None
        if isinstance(kind, t.Number) and kind.digits == "1":
            return self.algebra.norm(value, 1)
        two = kind is None or (isinstance(kind, t.Number) and kind.digits == "2" and len(value.long) < 2)
        if not two and not (isinstance(kind, t.Letter) and kind.name == "F"):
            raise Unsupported(node, "this norm is not derived")
        return self.algebra.norm(value)

    def _inner(self, node: t.InnerProduct, env: Env) -> Value:
        return self.algebra.inner(self.value(node.left, env), self.value(node.right, env))

    def _label(self, node: t.Marked, env: Env) -> Value:
        return self.value(node.body, env)

    # --- sums ---

    def _series(self, node: t.Big, env: Env) -> Value:
        sign = node.sign.lstrip("\\")
        if sign != "sum":
            usual = {"prod": "a product over an index is not derived; its logarithm is a sum"}
            raise Unsupported(node, usual.get(sign, f"{sign} over an index is not derived"))
        letters = [letter for letter in self._binders(node)]
        inner = dict(env)
        running: dict[str, Expr] = {}
        for letter in letters:
            axis = self._range(node, letter)
            self.axes.spoken(axis, letter)
            inner[letter] = Bound(axis, lambda letter=letter: running[letter])
        body = self._kept(node, inner)
        return Value(body.axes, lambda at: self._run(list(letters), inner, running, body, at))

    def _binders(self, node: t.Big) -> list[str]:
        found = bound_by(node)
        if not found:
            raise Unsupported(node, "this sum does not say over what it runs")
        written = [letter for item in node.binders for letter in _written(item) if letter in found]
        return list(dict.fromkeys(written))

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
        starts = [one for one in node.under if _starts(one, letter)]
        named = self.means.get(id(node))
        if not starts or node.over is None:
            return self.axes.fresh() if named is None else self.axes.named(named)
        over = node.over.sides[-1] if isinstance(node.over, t.Comparison) else node.over
        first = _whole(starts[0].sides[1])
        if first == (0 if self.from_zero else 1):
            return self.size_axis(over if first else _one_more(over))
        raise Unsupported(starts[0], "sums run over a whole axis: from 1 to n, or from 0 to n - 1")

    def _kept(self, node: t.Big, env: Env) -> Value:
        """The body of a sum, with 0 where a condition under it, i ≠ j, does not hold."""
        body = self.value(node.body, env)
        for one in node.under:
            if not isinstance(one, t.Comparison) or _starts(one, *env):
                continue
            pair = [letter_of(side) for side in one.sides]
            if [sign.kind for sign in one.signs] != ["unequal"] or not all(name in env for name in pair):
                raise Unsupported(one, "of the conditions under a sum only i \\ne j is derived")
            a, b = (env[str(name)] for name in pair)
            self._meet(a.axis, b.axis, one)
            apart = late(lambda a=a, b=b: 1 - KroneckerDelta(a.place(), b.place()))
            body = self.algebra.hadamard(apart, body)
        return body

    # --- functions ---

    def _call(self, node: t.Call, env: Env) -> Value:
        head, upper, lower = scripts_of(node.function)
        if isinstance(head, t.Derivative):
            raise Unsupported(node, "a derivative in a definition is not derived again")
        found = self.defined_call(node, head, upper, env)
        if found is not None:
            return self.marked(self._entries(found, lower, node, env), _no_primes(upper), node, env)
        word = word_of(head)
        if any(isinstance(one, t.Prime) for one in upper):
            raise Unsupported(node, "the derivative of a function in a definition is not derived again")
        found = self._known(word, node, env)
        if found is None:
            raise NoRole(node.function, f"the function {spelling_of(head)} is not known here")
        return self.marked(self._entries(found, None if word == "log" else lower, node, env), upper, node, env)

    def _known(self, word: str, node: t.Call, env: Env) -> Value | None:
        """A function that everybody knows."""
        if word == "log" and len(node.arguments) == 1:
            found = self._log_determinant(node.arguments[0], env)
            if found is not None:
                return found
        arguments = [self.value(one, env) for one in node.arguments]
        if word in _WHOLE and arguments:
            return _WHOLE[word](self, node, arguments, env)
        if word in OF_ONE and len(arguments) == 1:
            function = OF_ONE[word]
            return self.algebra.each(lambda u: function(u), arguments[0])
        return None

    def _log_determinant(self, node: t.Node, env: Env) -> Value | None:
        """log det A, log |A|, log |det A|."""
        while isinstance(node, t.Bracket | t.Norm):
            if isinstance(node, t.Bracket) and len(node.items) == 1:
                node = node.items[0]
            elif isinstance(node, t.Norm) and not node.double:
                inner = self.value(node.body, env)
                if not inner.number:
                    return self._determinant(inner, node, env, LogDet)
                node = node.body
            else:
                return None
        if isinstance(node, t.Call) and word_of(node.function) == "det" and len(node.arguments) == 1:
            return self._determinant(self.value(node.arguments[0], env), node, env, LogDet)
        return None

    def _determinant(self, value: Value, node: t.Node, env: Env, kind: Any) -> Value:
        self.algebra.square(value, "a determinant")
        array = self.named_array(value, "S", node, env)
        return late(lambda: kind(array()))

    def determinant(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """det A."""
        return self._determinant(arguments[0], node, env, Det)

    def log_determinant(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """logdet A."""
        return self._determinant(arguments[0], node, env, LogDet)

    def softmax(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """Over a vector, or over each row of a matrix."""
        value = self.simple(arguments[0], "S" if len(arguments[0].long) == 2 else "z", node.arguments[0], env)
        if not 1 <= len(value.axes) <= 2 or value.number:
            raise Misfit(node, f"softmax is of a vector or a matrix, not of {self.algebra.shape(value)}")
        last = 0 if value.axes[-1] == ONE else len(value.axes) - 1

        def entry(at: tuple[Expr, ...]) -> Expr:
            whole = self.algebra.summed(value.axes[last], lambda k: exp(value.entry((*at[:last], k, *at[last + 1 :]))))
            return exp(value.entry(at)) / whole

        return Value(value.axes, entry)

    def log_sum_exp(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """log Σ e^x."""
        whole = self.algebra.all(self.algebra.each(exp, arguments[0]))
        return late(lambda: log(whole.only))

    def mean(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """The mean of all entries."""
        value = arguments[0]
        whole = self.algebra.all(value)
        return late(lambda: whole.only / reduce(lambda a, axis: a * self.axes.length(axis), value.axes, Integer(1)))

    def variance(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """The mean square of what differs from the mean."""
        mean = self.mean(node, arguments, env)
        return self.mean(node, [self.algebra.each(lambda u, v: (u - v) ** 2, arguments[0], mean)], env)

    def extreme(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """max(a, b), min(a, b): entry by entry."""
        pick = larger if word_of(node.function) == "max" else smaller
        if len(arguments) == 1:
            raise Unsupported(node, "the largest entry of an array is not derived")
        return reduce(lambda a, b: self.algebra.each(pick, a, b), arguments)

    # --- cases ---

    def _indicator(self, node: t.Indicator, env: Env) -> Value:
        return self._where(node.condition, constant(1), constant(0), env)

    def _cases(self, node: t.Cases, env: Env) -> Value:
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
        self._meet(a.axis, b.axis, node)
        same = late(lambda: KroneckerDelta(a.place(), b.place()))
        first, second = (yes, no) if kind in _EQUAL else (no, yes)
        return self.algebra.each(lambda s, u, v: s * u + (1 - s) * v, same, first, second)

    def _late(self, node: t.Node, env: Env) -> Value:
        raise Unsupported(node, "a derivative stands in a definition; derivatives are what comes out")


def spelling_of(head: t.Node) -> str:
    """The name of a function in a message."""
    return spelling(head) if isinstance(head, t.Letter) else "here"


def _no_primes(upper: tuple[t.Mark, ...]) -> tuple[t.Mark, ...]:
    return tuple(one for one in upper if not isinstance(one, t.Prime))


def _written(item: t.Node) -> list[str]:
    """The letters of a binder in the order in which they are written."""
    if isinstance(item, t.Multiplication):
        return [name for one in item.factors if (name := letter_of(one))]
    if isinstance(item, t.Bracket):
        return [name for one in item.items if (name := letter_of(one))]
    name = letter_of(item)
    return [name] if name else []


def _whole(node: t.Node) -> int | None:
    """The whole number that a tree is, if it is one."""
    if isinstance(node, t.Number) and node.digits.isdigit() and len(node.digits) < 9:
        return int(node.digits)
    if isinstance(node, t.Negation):
        inner = _whole(node.body)
        return None if inner is None else -inner
    if isinstance(node, t.Bracket) and len(node.items) == 1:
        return _whole(node.items[0])
    return None


def _starts(node: t.Node, *letters: str) -> bool:
    """Whether an item under a sum is `k = 1`."""
    equal = isinstance(node, t.Comparison) and [one.kind for one in node.signs] == ["equal"]
    return equal and isinstance(node, t.Comparison) and letter_of(node.sides[0]) in letters


def _one_more(over: t.Node) -> t.Node:
    """The n of n − 1."""
    if isinstance(over, t.Addition) and len(over.terms) == 2 and _whole(over.terms[1]) == -1:
        return over.terms[0]
    whole = _whole(over)
    if whole is not None:
        return t.Number(str(whole + 1), span=over.span)
    raise Unsupported(over, "sums run over a whole axis: from 1 to n, or from 0 to n - 1")


_WHOLE: dict[str, Callable[[Evaluator, t.Call, list[Value], Env], Value]] = {
    "softmax": Evaluator.softmax,
    "logsumexp": Evaluator.log_sum_exp,
    "lse": Evaluator.log_sum_exp,
    "diag": lambda self, node, given, env: self.algebra.diagonal(given[0]),
    "tr": lambda self, node, given, env: self.algebra.trace(given[0]),
    "trace": lambda self, node, given, env: self.algebra.trace(given[0]),
    "det": Evaluator.determinant,
    "logdet": Evaluator.log_determinant,
    "mean": Evaluator.mean,
    "var": Evaluator.variance,
    "sum": lambda self, node, given, env: self.algebra.all(given[0]),
    "max": Evaluator.extreme,
    "min": Evaluator.extreme,
}
"""Functions of whole arrays, by their word in lower case."""

_RULES: dict[type, Callable[[Any, Any, Env], Value]] = {
    t.Number: Evaluator._number,
    t.Letter: Evaluator._letter,
    t.Scripted: Evaluator._letter,
    t.Bracket: Evaluator._bracket,
    t.Negation: Evaluator._negation,
    t.Addition: Evaluator._addition,
    t.Multiplication: Evaluator._multiplication,
    t.Fraction: Evaluator._fraction,
    t.Power: Evaluator._power,
    t.Transposed: Evaluator._transposed,
    t.Primed: Evaluator._primed,
    t.Root: Evaluator._root,
    t.Norm: Evaluator._norm,
    t.InnerProduct: Evaluator._inner,
    t.Marked: Evaluator._label,
    t.Call: Evaluator._call,
    t.Big: Evaluator._series,
    t.Derivative: Evaluator._late,
    t.Evaluated: Evaluator._late,
    t.Indicator: Evaluator._indicator,
    t.Cases: Evaluator._cases,
}

__all__ = ["E", "Evaluator", "Meaningless", "Piecewise"]
