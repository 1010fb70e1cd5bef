r"""LayerNorm and RMSNorm by name: the steps that everybody writes out, each under its usual letter.

    \operatorname{LayerNorm}(x)         \mu = mean of x, \sigma^2 = variance of x, \hat{x} = (x − μ)/√(σ² + ε)
    \operatorname{LayerNorm}(x, γ, β)   γ ⊙ \hat{x} + β
    \operatorname{RMSNorm}(x)           r = 1/√(mean of x² + ε), \hat{x} = r x

Of a matrix each row is normalised.  Ba, Kiros, Hinton 2016, eqs. 3, 4; Zhang, Sennrich 2019, eq. 4.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, sqrt

from verify.latex import tree as t
from verify.meaning.errors import Misfit
from verify.programs.axes import ONE
from verify.programs.places import Env
from verify.programs.sums import Sums
from verify.programs.values import Value

EPSILON = r"\epsilon"


class Norms(Sums):
    """The part of the evaluator that knows normalisations."""

    def layer_norm(self, node: t.Call, given: list[Value], env: Env) -> Value:
        """(x − μ)/√(σ² + ε), scaled and shifted where γ and β are given."""
        value = self._normalised(node, given, env)
        mean = self.name_for(self._mean(value, lambda u: u), r"\mu", node, env)
        centred = self._by_row(lambda u, m: u - m, value, mean)
        variance = self.name_for(self._mean(centred, lambda u: u**2), r"\sigma^{2}", node, env)
        root = self._epsilon(variance, node)
        hat = self._by_row(lambda u, m, v: (u - m) / v, value, mean, root)
        return self._scaled(self.name_for(hat, self._hat(value), node, env), given[1:])

    def rms_norm(self, node: t.Call, given: list[Value], env: Env) -> Value:
        """x/√(mean of x² + ε), scaled where γ is given."""
        value = self._normalised(node, given, env)
        root = self._epsilon(self._mean(value, lambda u: u**2), node)
        factor = self.name_for(self.algebra.each(lambda v: 1 / v, root), "r", node, env)
        hat = self.name_for(self._by_row(lambda u, r: u * r, value, factor), self._hat(value), node, env)
        return self._scaled(hat, given[1:])

    def _normalised(self, node: t.Call, given: list[Value], env: Env) -> Value:
        value = given[0]
        if not 1 <= len(value.long) <= 2 or len(given) > 3:
            raise Misfit(node, f"a normalisation is of a vector or a matrix, not of {self.algebra.shape(value)}")
        return self.simple(value, "X" if len(value.long) == 2 else "x", node.arguments[0], env)

    def _hat(self, value: Value) -> str:
        return r"\hat{X}" if len(value.long) == 2 else r"\hat{x}"

    def _mean(self, value: Value, function: Callable[[Expr], Expr]) -> Value:
        """The mean over a vector, or over each row, as a column."""
        last = 0 if value.axes[-1] == ONE else len(value.axes) - 1
        axis = value.axes[last]

        def entry(at: tuple[Expr, ...]) -> Expr:
            whole = self.algebra.summed(axis, lambda k: function(value.entry((*at[:last], k, *at[last + 1 :]))))
            return whole / self.axes.length(axis)

        return Value(tuple(ONE if place == last else one for place, one in enumerate(value.axes)), entry)

    def _by_row(self, function: Callable[..., Expr], value: Value, *rows: Value) -> Value:
        """A function of each entry and of one number for each row."""

        def entry(at: tuple[Expr, ...]) -> Expr:
            return function(value.entry(at), *(one.only if one.number else one.entry(at) for one in rows))

        return Value(value.axes, entry)

    def _epsilon(self, variance: Value, node: t.Node) -> Value:
        """√(v + ε)."""
        small = self.array(EPSILON, node)
        return self.algebra.each(lambda v, e: sqrt(v + e), variance, small)

    def _scaled(self, hat: Value, given: list[Value]) -> Value:
        """γ ⊙ x̂ + β; of a matrix, one γ and β for each column."""
        found = hat
        for place, one in enumerate(given):
            wide = self._columnwise(one, hat)
            found = self.algebra.hadamard(wide, found) if place == 0 else self.algebra.plus(found, wide)
        return found

    def _columnwise(self, one: Value, like: Value) -> Value:
        if one.number or len(like.long) < 2 or len(one.long) == 2:
            return one
        flat = self.algebra.flat(one)
        self.axes.join(flat.axes[0], like.axes[1])
        return Value(like.axes, lambda at: flat.entry((at[1],)))
