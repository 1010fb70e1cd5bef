r"""Functions of whole arrays and of numbers: softmax, log det, traces, maxima, and all that work entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from sympy import Expr, Integer, exp, log

from derive.named import Det, LogDet
from verify.latex import tree as t
from verify.latex.tables import FUNCTIONS
from verify.meaning.errors import Misfit, NoRole, Unsupported
from verify.meaning.functions import INVERSES
from verify.meaning.parts import scripts_of, word_of
from verify.meaning.roles import spelling
from verify.programs.axes import ONE
from verify.programs.functions import OF_ONE, larger, smaller
from verify.programs.norms import Norms
from verify.programs.places import Env
from verify.programs.values import Value, late
from verify.programs.written import whole

_LOGARITHMS = ("log", "ln")


class Calls(Norms):
    """The part of the evaluator that knows functions."""

    def call(self, node: t.Call, env: Env) -> Value:
        head, upper, lower = scripts_of(node.function)
        if isinstance(head, t.Derivative):
            raise Unsupported(node, "a derivative in a definition is not derived again")
        found = self.defined_call(node, head, upper, env)
        if found is not None:
            return self.marked(self.entries(found, lower, node, env), _no_primes(upper), node, env)
        word = word_of(head)
        if any(isinstance(one, t.Prime) for one in upper):
            raise Unsupported(node, "the derivative of a function in a definition is not derived again")
        word, upper = self._inverted(word, upper, node)
        found = self._known(word, node, env)
        if found is None and self._of_one(word) is not None:
            raise Unsupported(node, f"{_spelled(head)} is of one argument, not of {len(node.arguments)}")
        if found is None:
            raise NoRole(node.function, f"the function {_spelled(head)} is not known here: {LISTED}")
        if lower is not None and word in _LOGARITHMS:
            found, lower = self.algebra.over(found, self._base(lower, node, env)), None
        return self.marked(self.entries(found, lower, node, env), upper, node, env)

    def _inverted(self, word: str, upper: tuple[t.Mark, ...], node: t.Call) -> tuple[str, tuple[t.Mark, ...]]:
        """sin⁻¹ is the inverse function, not the reciprocal."""
        for mark in upper:
            if isinstance(mark, t.Raised) and whole(mark.body) == -1 and word in OF_ONE:
                if word not in INVERSES:
                    raise Unsupported(node, "⁻¹ on a function may be its inverse or its reciprocal: write which")
                return INVERSES[word], tuple(one for one in upper if one is not mark)
        return word, upper

    def _base(self, lower: t.Script, node: t.Call, env: Env) -> Value:
        """log of the base of a logarithm."""
        if len(lower.items) != 1:
            raise Unsupported(node, "a logarithm has one base")
        return self.algebra.each(log, self.scalar(lower.items[0], env))

    def _known(self, word: str, node: t.Call, env: Env) -> Value | None:
        """A function that everybody knows."""
        if word == "log" and len(node.arguments) == 1:
            found = self._log_determinant(node.arguments[0], env)
            if found is not None:
                return found
        arguments = [self.value(one, env) for one in node.arguments]
        if word in _WHOLE and arguments:
            return _WHOLE[word](self, node, arguments, env)
        function = self._of_one(word)
        if function is not None and len(arguments) == 1:
            return self.algebra.each(function, self.argument(arguments[0], node.arguments[0], env))
        return None

    def _of_one(self, word: str) -> Callable[[Expr], Expr] | None:
        """A function of one number, by its word or another one for the same."""
        return OF_ONE.get(word) or OF_ONE.get(FUNCTIONS.get(word, ""))

    def _log_determinant(self, node: t.Node, env: Env) -> Value | None:
        """log det A, log |A|, log |det A|."""
        while isinstance(node, t.Bracket | t.Norm):
            if isinstance(node, t.Bracket) and len(node.items) == 1:
                node = node.items[0]
            elif isinstance(node, t.Norm) and not node.double:
                inner = self.value(node.body, env)
                if not inner.number:
                    return self.determinant_of(inner, node, env, LogDet)
                node = node.body
            else:
                return None
        if isinstance(node, t.Call) and word_of(node.function) == "det" and len(node.arguments) == 1:
            return self.determinant_of(self.value(node.arguments[0], env), node, env, LogDet)
        return None

    def determinant_of(self, value: Value, node: t.Node, env: Env, kind: Any) -> Value:
        self.algebra.square(value, "a determinant")
        array = self.named_array(value, "S", node, env)
        return late(lambda: kind(array()))

    def determinant(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """det A."""
        return self.determinant_of(arguments[0], node, env, Det)

    def log_determinant(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """logdet A."""
        return self.determinant_of(arguments[0], node, env, LogDet)

    def softmax(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """Over a vector, or over each row of a matrix."""
        value = self.simple(arguments[0], "S" if len(arguments[0].long) == 2 else "z", node.arguments[0], env)
        if not 1 <= len(value.axes) <= 2 or value.number:
            raise Misfit(node, f"softmax is of a vector or a matrix, not of {self.algebra.shape(value)}")
        last = 0 if value.axes[-1] == ONE else len(value.axes) - 1

        def entry(at: tuple[Expr, ...]) -> Expr:
            whole = self.algebra.summed(value.axes[last], lambda k: exp(value.entry((*at[:last], k, *at[last + 1 :]))))
            return exp(value.entry(at)) / whole

        found = Value(value.axes, entry)
        whole = any(node is body for body in self.text.bodies.values())
        return found if whole else self.simple(found, "P" if len(found.long) == 2 else "p", node, env)

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

    def trace(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """tr A; a root or a power of e within it is a function of the matrix, not of its entries."""
        inner = node.arguments[0]
        base = inner.base if isinstance(inner, t.Power | t.Scripted) else None
        letter = base.name if isinstance(base, t.Letter) else ""
        if len(arguments[0].long) == 2 and (isinstance(inner, t.Root) or letter == "e"):
            raise Unsupported(
                inner, "a root or an exponential of a whole matrix is not derived; of its entries, write a sum"
            )
        return self.algebra.trace(arguments[0])

    def extreme(self, node: t.Call, arguments: list[Value], env: Env) -> Value:
        """max(a, b), min(a, b): entry by entry."""
        pick = larger if word_of(node.function) == "max" else smaller
        if len(arguments) == 1:
            raise Unsupported(node, "the largest entry of an array is not derived")
        return reduce(lambda a, b: self.algebra.each(pick, a, b), arguments)


def _spelled(head: t.Node) -> str:
    """The name of a function in a message."""
    return spelling(head) if isinstance(head, t.Letter) else "here"


def _no_primes(upper: tuple[t.Mark, ...]) -> tuple[t.Mark, ...]:
    return tuple(one for one in upper if not isinstance(one, t.Prime))


_WHOLE: dict[str, Callable[[Calls, t.Call, list[Value], Env], Value]] = {
    "softmax": Calls.softmax,
    "logsumexp": Calls.log_sum_exp,
    "lse": Calls.log_sum_exp,
    "diag": lambda self, node, given, env: self.algebra.diagonal(given[0]),
    "tr": Calls.trace,
    "trace": Calls.trace,
    "det": Calls.determinant,
    "logdet": Calls.log_determinant,
    "mean": Calls.mean,
    "layernorm": Calls.layer_norm,
    "rmsnorm": Calls.rms_norm,
    "var": Calls.variance,
    "sum": lambda self, node, given, env: self.algebra.all(given[0]),
    "max": Calls.extreme,
    "min": Calls.extreme,
}
"""Functions of whole arrays, by their word in lower case."""

_NAMES = ", ".join(sorted({*OF_ONE, *_WHOLE}))
LISTED = f"known are {_NAMES}; another is defined on a line of its own, as in g(u) = u^2"
"""What a function that is not known could be instead."""
