r"""The value of a tree: an array of scalars, with the letters given by a `Scene` and by numbers for the indices.

One method for each kind of node, found by its class.  What does not fit raises `Misfit`, what has no role `NoRole`,
what does not exist `OutOfRange`, what is not computed `Unsupported`; each names the part of the formula.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.latex.resolve import exponent_of
from verify.meaning import arrays
from verify.meaning.arrays import Limit, ShapeError, Tensor
from verify.meaning.conditions import Conditions
from verify.meaning.constants import Constants
from verify.meaning.derivatives import Derivatives
from verify.meaning.errors import Misfit, NoRole, OutOfRange, Unsupported
from verify.meaning.functions import INVERSES, KNOWN
from verify.meaning.open_sizes import Beyond, Turning
from verify.meaning.parts import matched, pairs, scripts_of, word_of
from verify.meaning.scene import Env
from verify.meaning.series import Series
from verify.meaning.stacking import Stacking
from verify.meaning.whole import PRODUCTS, SEVERAL, WHOLE

MOST_POWER = 64


class Evaluator(Series, Derivatives, Constants, Stacking):
    """Evaluates trees of one scene."""

    def value(self, node: t.Node, env: Env) -> Tensor:
        """The value of a tree."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise Unsupported(node, "this cannot be computed here")
        try:
            return rule(self, node, env)
        except Limit as error:
            raise Unsupported(node, str(error)) from None
        except ShapeError as error:
            raise Misfit(node, str(error)) from None
        except Beyond as error:
            raise OutOfRange(node, str(error), "index") from None
        except ZeroDivisionError:
            raise Unsupported(node, "this divides by zero") from None

    def scalar(self, node: t.Node, env: Env) -> Node:
        """The value of a tree that is one number."""
        found = self.value(node, env)
        if not found.scalar:
            raise Misfit(node, f"a number is needed here, not an array of {arrays.size_text(found.shape)}")
        return found.only

    def whole(self, node: t.Node, env: Env) -> int | None:
        """The whole number that a tree is, if it is one: an index, a limit, a count."""
        if isinstance(node, t.Number) and node.digits.isdigit() and len(node.digits) < 9:
            return int(node.digits)
        if isinstance(node, t.Letter) and node.name in env and not node.accents:
            return env[node.name]
        if isinstance(node, t.Letter | t.Scripted):
            return self.scene.whole(node, env)
        if isinstance(node, t.Bracket) and len(node.items) == 1:
            return self.whole(node.items[0], env)
        if isinstance(node, t.Negation):
            inner = self.whole(node.body, env)
            return None if inner is None else -inner
        return self._whole_of_many(node, env)

    def _whole_of_many(self, node: t.Node, env: Env) -> int | None:
        parts = node.terms if isinstance(node, t.Addition) else ()
        if isinstance(node, t.Multiplication) and node.tight:
            parts = node.factors
        found = [self.whole(part, env) for part in parts]
        numbers = [one for one in found if one is not None]
        if not parts or len(numbers) < len(found):
            return None
        return sum(numbers) if isinstance(node, t.Addition) else reduce(lambda a, b: a * b, numbers)

    # --- leaves ---

    def _number(self, node: t.Number, env: Env) -> Tensor:
        if len(node.digits) > 400:
            raise Unsupported(node, "this number has too many digits")
        return arrays.number(self.graph.number(node.value))

    def _letter(self, node: t.Letter | t.Scripted, env: Env) -> Tensor:
        if isinstance(node, t.Letter) and node.name in env and not node.accents:
            return arrays.number(self.graph.number(env[node.name]))
        found = self._beside(node, env) if self.beside else None
        if found is None:
            found = self.constant(node, env)
        if found is None:
            found = self.scene.quantity(node, env)
        if found is None:
            found = self._scripted(node, env)
        if found is None:
            count = self.scene.whole(node, env)
            found = None if count is None else arrays.number(self.graph.number(count))
        if found is None:
            raise NoRole(node, "this has no role here")
        return found

    def _beside(self, node: t.Letter | t.Scripted, env: Env) -> Tensor | None:
        """What was defined beside the formula, D = …, s_j = …."""
        for left, right in self.beside:
            inner = matched(left, node)
            if inner is not None:
                numbers = {name: self.whole(one, env) for name, one in inner.items()}
                found = {name: number for name, number in numbers.items() if number is not None}
                if len(found) == len(numbers):
                    return self.value(right, env | found)
        return None

    def _scripted(self, node: t.Node, env: Env) -> Tensor | None:
        """Scripts on something that has a value itself: an entry, a power, a transpose."""
        if not isinstance(node, t.Scripted) or isinstance(node.base, t.Letter):
            return None
        return self.with_scripts(self.value(node.base, env), node, node.lower, node.upper, env)

    def with_scripts(
        self, value: Tensor, node: t.Node, lower: t.Script | None, upper: tuple[t.Mark, ...], env: Env
    ) -> Tensor:
        """An array's entry, transpose or power, as its scripts say."""
        if lower is not None:
            value = self.entry(value, lower, node, env)
        for mark in upper:
            if isinstance(mark, t.Transpose) or (isinstance(mark, t.Prime) and not value.scalar):
                value = arrays.transpose(value)
            elif isinstance(mark, t.Raised):
                value = self.raised(value, mark.body, env, entrywise=mark.fence in (r"\odot", r"\circ"))
            else:
                raise Unsupported(node, "a prime on what is no function")
        return value

    def entry(self, value: Tensor, lower: t.Script, node: t.Node, env: Env) -> Tensor:
        """The entry that a lower script names."""
        if value.vector or len(value.shape) == 1:
            chosen = [(one, self.whole(one, env)) for one in lower.items]
            if len(chosen) == 1 and chosen[0][1] is not None:
                items = arrays.flat(value) if None not in value.shape else None
                place = chosen[0][1]
                if items is None and place > 0:
                    return arrays.number(value[(place - 1, 0) if value.shape[1] == 1 else (0, place - 1)])
                if items is None or not 1 <= place <= len(items):
                    among = "" if items is None else f" among {len(items)}"
                    raise OutOfRange(chosen[0][0], f"there is no entry {place}{among}", "index")
                return arrays.number(items[place - 1])
        missing = False
        for places in pairs(lower):
            numbers = [self.whole(one, env) for one in places]
            if len(numbers) == len(value.shape) and None not in numbers:
                spot = tuple(one - 1 for one in numbers if one is not None)
                if all(at >= 0 and (size is None or at < size) for at, size in zip(spot, value.shape, strict=True)):
                    return arrays.number(value[spot])
                missing = True
        if value.shape == ():
            raise Misfit(node, "this number has no entries")
        if missing:
            raise OutOfRange(lower.items[0], "there is no such entry", "index")
        raise Unsupported(node, f"this script does not say which entry of an array of {arrays.size_text(value.shape)}")

    # --- arithmetic ---

    def _negation(self, node: t.Negation, env: Env) -> Tensor:
        return arrays.each(lambda u: -u, self.value(node.body, env))

    def _addition(self, node: t.Addition, env: Env) -> Tensor:
        return reduce(arrays.plus, (self.value(term, env) for term in node.terms))

    def _multiplication(self, node: t.Multiplication, env: Env) -> Tensor:
        self.refuse_row(node, env)
        try:
            found = self.value(node.factors[0], env)
            for sign, factor in zip(node.signs, node.factors[1:], strict=True):
                found = self._product(sign, found, self.value(factor, env))
        except ShapeError:
            other = self.stacked(node, env)
            if other is None:
                raise
            return other
        return found

    def _product(self, sign: t.Sign, a: Tensor, b: Tensor) -> Tensor:
        r"""a times b; in x \cdot \mathbf{1} both are columns, and this is their inner product."""
        if (
            sign == r"\cdot"
            and a.vector
            and b.vector
            and "matrix" not in (a.kind, b.kind)
            and not (a.scalar or b.scalar)
        ):
            bent = any(isinstance(one, Turning) for one in (*a.axes, *b.axes))
            alike = (a.axes[0] == 1) == (b.axes[0] == 1) and None in (*a.shape, *b.shape)
            if alike or (bent and arrays.flat_size(a) == arrays.flat_size(b)):
                return arrays.inner(a, b)
        return PRODUCTS[sign](a, b)

    def by(self, of: Tensor, variable: t.Node, node: t.Node, env: Env) -> Tensor:
        """The derivative of an array by a quantity; x^T x is a number, and has a gradient."""
        return super().by(arrays.number(of.only) if of.kind == "dot" and of.scalar else of, variable, node, env)

    def _fraction(self, node: t.Fraction, env: Env) -> Tensor:
        return arrays.over(self.value(node.above, env), self.value(node.below, env))

    def _power(self, node: t.Power, env: Env) -> Tensor:
        exponent = exponent_of(node)
        if exponent is not None and "e" not in env and self.scene.quantity(t.Letter("e"), env) is None:
            return arrays.each(self.graph.exp, self.value(exponent, env))
        return self.raised(self.value(node.base, env), node.exponent, env)

    def raised(self, base: Tensor, exponent: t.Node, env: Env, entrywise: bool = False) -> Tensor:
        """A power: of each entry for vectors, of the matrix for square ones."""
        count = self.whole(exponent, env)
        square = len(base.shape) == 2 and base.axes[0] == base.axes[1] and not base.scalar
        if len(base.shape) == 2 and not square and not base.vector and not base.scalar and not entrywise:
            raise ShapeError("a power of a matrix", base.shape)
        if square and not entrywise:
            return self._matrix_power(base, count, exponent)
        power = self.scalar(exponent, env) if count is None else self.graph.number(count)
        if power.constant is not None and abs(power.constant) > MOST_POWER * 1000:
            raise Unsupported(exponent, "this power is too high")
        return arrays.each(lambda u: self.graph.raised(u, power), base)

    def _matrix_power(self, base: Tensor, count: int | None, exponent: t.Node) -> Tensor:
        if count is None or abs(count) > 8:
            raise Unsupported(exponent, "this power of a matrix is not computed")
        if count == 0:
            return arrays.identity(self.graph, base.axes[0])
        one = arrays.inverse(base) if count < 0 else base
        return reduce(arrays.times, [one] * abs(count))

    def _transposed(self, node: t.Transposed, env: Env) -> Tensor:
        value = self.value(node.base, env)
        if value.shape == () and node.spelling == "T":
            names = self.scene.shapeless(node.base)
            which = ", ".join(names)
            raise Unsupported(
                node,
                f"T above a number may be a transpose or a power; state the shapes of {which}, "
                f"as in --shape {names[0]}=n"
                if names
                else "T above a number may be a transpose or a power; state the shapes of arrays",
            )
        return arrays.transpose(value)

    def _primed(self, node: t.Primed, env: Env) -> Tensor:
        value = self.value(node.base, env)
        if value.scalar or node.count > 1:
            raise Unsupported(node, "a prime on what is no function")
        return arrays.transpose(value)

    def _root(self, node: t.Root, env: Env) -> Tensor:
        degree = 2 if node.degree is None else self.whole(node.degree, env)
        if degree is None or not 2 <= degree <= MOST_POWER:
            raise Unsupported(node, "a root of this degree is not computed")
        return arrays.each(lambda u: self.graph.root(u, degree), self.value(node.body, env))

    def _norm(self, node: t.Norm, env: Env) -> Tensor:
        value = self.value(node.body, env)
        if not node.double and value.scalar:
            return arrays.number(self.graph.abs(value.only))
        if not node.double and value.vector:
            raise Unsupported(node, r"of a vector, |…| may be its length, \lVert…\rVert, or stand for every entry")
        if not node.double:
            return arrays.number(arrays.determinant(value))
        kind = node.lower.items[0] if node.lower else None
        if isinstance(kind, t.Number) and kind.digits == "1":
            return arrays.number(self.graph.sum(self.graph.abs(one) for one in arrays.entries(value)))
        known = kind is None or (isinstance(kind, t.Number) and kind.digits == "2" and (value.vector or value.scalar))
        if not known and not (isinstance(kind, t.Letter) and kind.name == "F"):
            raise Unsupported(node, "this norm is not computed")
        return arrays.number(self.graph.root(self.graph.sum(one * one for one in arrays.entries(value))))

    def _inner(self, node: t.InnerProduct, env: Env) -> Tensor:
        return arrays.inner(self.value(node.left, env), self.value(node.right, env))

    def _label(self, node: t.Marked, env: Env) -> Tensor:
        return self.value(node.body, env)

    # --- functions ---

    def _call(self, node: t.Call, env: Env) -> Tensor:
        arguments = self.arguments(node, env)
        found = self.scene.call(node, arguments, env)
        if found is None:
            found = self.known_call(node, arguments, env)
        if found is None:
            word = word_of(scripts_of(node.function)[0])
            known = f"the function {word} is not known here" if word else "this function is not known here"
            raise NoRole(node.function, known)
        return found

    def arguments(self, node: t.Call, env: Env) -> list[Tensor]:
        """The values of a call's arguments."""
        if not self.scene.ignores(node.function):
            return [self.value(one, env) for one in node.arguments]
        for one in node.arguments:
            if not isinstance(one, t.Letter | t.Scripted | t.Ellipsis):
                raise Unsupported(one, "a number that is written with what it depends on takes letters only, J(w, b)")
        return []

    def known_call(self, node: t.Call, arguments: list[Tensor], env: Env) -> Tensor | None:
        """A function that everybody knows, with the scripts of its name: tanh²(z), σ′(z), softmax(z)_i."""
        head, upper, lower = scripts_of(node.function)
        word = word_of(head)
        primes = sum(one.count for one in upper if isinstance(one, t.Prime))
        wholes = WHOLE.get(word)
        if wholes is not None and arguments:
            found = wholes(self.graph, self._together(word, arguments, node))
        elif word in KNOWN and len(arguments) == 1:
            word, upper = self._inverted(word, upper, node)
            function = KNOWN[word]
            found = arrays.each(lambda u: self.slopes.at(word, function, primes, u), arguments[0])
            if lower is not None and word in ("log", "ln"):
                found, lower = arrays.over(found, self._base(lower, node, env)), None
        else:
            return None
        rest = tuple(one for one in upper if not isinstance(one, t.Prime))
        return self.with_scripts(found, node, lower, rest, env)

    def _together(self, word: str, arguments: list[Tensor], node: t.Call) -> list[Tensor]:
        """The one argument of a function of a whole array: several numbers are a list, softmax(a, b)."""
        if len(arguments) == 1 or word in SEVERAL:
            return arguments
        if not all(one.scalar for one in arguments):
            raise Unsupported(node, "this function has one argument here")
        return [arrays.listed(self.graph, [one.only for one in arguments])]

    def _inverted(self, word: str, upper: tuple[t.Mark, ...], node: t.Node) -> tuple[str, tuple[t.Mark, ...]]:
        """sin⁻¹ is the inverse function, not the reciprocal."""
        for mark in upper:
            if isinstance(mark, t.Raised) and self.whole(mark.body, {}) == -1:
                if word not in INVERSES:
                    raise Unsupported(node, "⁻¹ on a function may be its inverse or its reciprocal")
                return INVERSES[word], tuple(one for one in upper if one is not mark)
        return word, upper

    def _base(self, lower: t.Script, node: t.Node, env: Env) -> Tensor:
        """log of the base of a logarithm."""
        if len(lower.items) != 1:
            raise Unsupported(node, "a logarithm has one base")
        return arrays.number(self.graph.log(self.scalar(lower.items[0], env)))


_RULES: dict[type, Callable[[Any, Any, Env], Tensor]] = {
    t.Number: Evaluator._number,
    t.Letter: Evaluator._letter,
    t.Scripted: Evaluator._letter,
    t.Bracket: Stacking.bracket,
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
    t.Matrix: Stacking.matrix,
    t.Marked: Evaluator._label,
    t.Call: Evaluator._call,
    t.Big: Series.series,
    t.Derivative: Derivatives.derivative,
    t.Evaluated: Derivatives.evaluated,
    t.Indicator: Conditions.indicator,
    t.Cases: Conditions.cases,
}
