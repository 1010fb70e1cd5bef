r"""A syntax tree as a value over axes whose lengths are not known yet: what a formula says for arrays of every size.

The rules are those of `verify.meaning.evaluate`, which computes with numbers at concrete sizes: a vector is a column,
what stands side by side is a product of matrices, functions of numbers work entry by entry.  What does not fit raises
`Misfit`, what has no role `NoRole`, what is not derived here `Unsupported`; each names the part of the formula.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from sympy import Expr, Integer, KroneckerDelta, Rational, exp, log, root, sqrt

from derive.named import Det, Inverse
from verify.latex import tree as t
from verify.latex.resolve import exponent_of
from verify.meaning.errors import Misfit, NoRole, Unsupported
from verify.meaning.indices import letter_of, letters_of
from verify.programs.axes import ONE, Axis
from verify.programs.calls import Calls
from verify.programs.functions import CONSTANTS
from verify.programs.places import Env, place_of
from verify.programs.values import Unfit, Value, constant, late
from verify.programs.written import whole

MOST_POWER = 1000


class Evaluator(Calls):
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
            self.meet(env[one.letter].axis, env[other.letter].axis, node)
        return late(lambda: KroneckerDelta(self.at(one, env), self.at(other, env)))

    def _scripted(self, node: t.Node, env: Env) -> Value | None:
        if not isinstance(node, t.Scripted) or isinstance(node.base, t.Letter):
            return None
        return self.marked(self.entries(self.value(node.base, env), node.lower, node, env), node.upper, node, env)

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
        count = whole(exponent)
        if len(base.long) == 2 and not entrywise:
            return self._matrix_power(base, count, exponent, env)

        def value(u: Expr, v: Expr) -> Expr:
            if v.is_number and abs(v) > MOST_POWER:
                raise Unsupported(exponent, f"powers above {MOST_POWER} are not derived")
            return u**v if v.is_Rational else exp(v * log(u))

        return self.algebra.each(value, base, power)

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
        values = [self.value(term, env) for term in node.terms]
        found = reduce(self.algebra.plus, values)
        if not found.number:
            self.spread += sum(self._guessed(term) for term, one in zip(node.terms, values, strict=True) if one.number)
        return found

    def _guessed(self, node: t.Node) -> bool:
        """Whether a term is a letter of which only the fit says that it is a number: x - \\mu."""
        term = node.body if isinstance(node, t.Negation) else node
        named = self.names.named(term) if isinstance(term, t.Letter | t.Scripted) else None
        return named is not None and named[0] in self.ranks

    def _multiplication(self, node: t.Multiplication, env: Env) -> Value:
        found = self.value(node.factors[0], env)
        for sign, before, factor in zip(node.signs, node.factors, node.factors[1:], strict=False):
            value = constant(CONSTANTS[r"\pi"]) if self._circle(before, factor) else self.value(factor, env)
            found = self._multiplied(sign, found, value)
        return found

    def _circle(self, before: t.Node, factor: t.Node) -> bool:
        r"""Whether this is the π of 2\pi, although there are entries π_k, too."""
        if not isinstance(before, t.Number) or not isinstance(factor, t.Letter) or factor.name != r"\pi":
            return False
        return r"\pi" not in self.text.by_name and r"\pi" not in self.names.shapes

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
        degree = 2 if node.degree is None else whole(node.degree)
        if degree is None or not 2 <= degree <= 64:
            raise Unsupported(node, "a root of this degree is not derived")
        return self.algebra.each(lambda u: sqrt(u) if degree == 2 else root(u, degree), self.value(node.body, env))

    def _norm(self, node: t.Norm, env: Env) -> Value:
        value = self.value(node.body, env)
        if not node.double and value.number:
            return self.algebra.each(abs, value)
        if not node.double and len(value.long) == 2:
            return self.determinant_of(value, node, env, Det)
        kind = node.lower.items[0] if node.lower else None
        if isinstance(kind, t.Number) and kind.digits == "1":
            return self.algebra.norm(value, 1)
        two = kind is None or (isinstance(kind, t.Number) and kind.digits == "2" and len(value.long) < 2)
        if not two and not (isinstance(kind, t.Letter) and kind.name == "F"):
            raise Unsupported(node, "this norm is not derived: of norms, 1, 2 (of vectors) and F are")
        return self.algebra.norm(value)

    def _inner(self, node: t.InnerProduct, env: Env) -> Value:
        return self.algebra.inner(self.value(node.left, env), self.value(node.right, env))

    def _label(self, node: t.Marked, env: Env) -> Value:
        return self.value(node.body, env)

    def _late(self, node: t.Node, env: Env) -> Value:
        raise Unsupported(node, "a derivative stands in a definition; derivatives are what comes out")


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
    t.Call: Evaluator.call,
    t.Big: Evaluator.series,
    t.Derivative: Evaluator._late,
    t.Evaluated: Evaluator._late,
    t.Indicator: Evaluator.indicator,
    t.Cases: Evaluator.cases,
}
