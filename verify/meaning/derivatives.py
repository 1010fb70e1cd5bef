r"""Derivatives in all their spellings: ∂E/∂w as a gradient, ∂a/∂z as a Jacobian, dσ/dz as a function.

A gradient has the shape of what it is taken by; a Jacobian has the entries of what is differentiated as its rows.  In
the numerator layout gradients lie as rows.  Every derivative is total: through every path, with all else held fixed.
"""

from __future__ import annotations

from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.base import Values
from verify.meaning.errors import NoRole, Unsupported
from verify.meaning.naming import FUNCTION_LETTERS
from verify.meaning.roles import spelling
from verify.meaning.scene import Env

MOST_ORDER = 4


class Derivatives(Values):
    """The part of the evaluator that knows derivatives."""

    def derivative(self, node: t.Derivative, env: Env) -> Tensor:
        """∂operand/∂by, several times where it says so."""
        by = self._variables(node, env)
        function = self._of_function(node, by, env)
        if function is not None:
            return function
        found = self.value(node.operand, env)
        for variable in reversed(by):
            found = self.by(found, variable, node, env)
        return found

    def _variables(self, node: t.Derivative, env: Env) -> list[t.Node]:
        """What is differentiated by, each as often as it says."""
        found: list[t.Node] = []
        for one in node.by:
            times = 1 if one.times is None else self.whole(one.times, env)
            if times is None or not 1 <= times <= MOST_ORDER:
                raise Unsupported(one, "a derivative of this order is not computed")
            found += [one.variable] * times
        if not found:
            variable = self.scene.gradient_variable(node.operand)
            if variable is None:
                raise Unsupported(node, "nothing says what this gradient is taken by")
            found.append(variable)
        if node.style == "nabla" and node.order is not None:
            raise Unsupported(node, "second gradients are written with ∂ here")
        return found

    def _of_function(self, node: t.Derivative, by: list[t.Node], env: Env) -> Tensor | None:
        r"""\frac{d\sigma}{dz} and \frac{d\sigma(z)}{dz}, where σ is named as a function."""
        operand = node.operand
        if isinstance(operand, t.Call) or len(set(by)) != 1:
            return None
        if not isinstance(operand, t.Letter | t.Scripted) or not self.scene.applies(operand):
            return None
        try:
            at = self.value(by[0], env)
        except NoRole:
            return None
        return self.scene.slope_at(operand, len(by), by[0], at, env)

    def by(self, of: Tensor, variable: t.Node, node: t.Node, env: Env) -> Tensor:
        """The derivative of an array by a quantity."""
        if of.shape == () and of.only.kind == "atom" and isinstance(node, t.Derivative) and self._unknown(node.operand):
            raise Unsupported(node, "nothing is known of what is differentiated here: it is not defined")
        leaves = self.value(variable, env)
        if leaves.scalar:
            leaf = self._leaf(leaves.only, variable)
            return arrays.each(lambda u: self.scene.total(u, leaf), of)
        if of.scalar and (of.shape == () or not leaves.vector):
            whole = of.only
            found = arrays.each(lambda v: self.scene.total(whole, self._leaf(v, variable)), leaves)
            return arrays.transpose(found) if self.scene.numerator else found
        if not of.vector or not leaves.vector:
            raise Unsupported(node, "a derivative of an array by a matrix has more than two axes")
        rows, columns = arrays.flat(of), arrays.flat(leaves)

        def entry(place: tuple[int, ...]) -> Node:
            return self.scene.total(rows[place[0]], self._leaf(columns[place[1]], variable))

        return Tensor(self.graph, (len(rows), len(columns)), entry)

    def _unknown(self, operand: t.Node) -> bool:
        """Whether a letter for a function or a loss is none that is defined."""
        return isinstance(operand, t.Letter) and spelling(operand) in FUNCTION_LETTERS

    def _leaf(self, node: Node, variable: t.Node) -> Node:
        if not self.scene.is_leaf(node):
            raise Unsupported(variable, "derivatives are taken by quantities, not by expressions")
        return node

    def evaluated(self, node: t.Evaluated, env: Env) -> Tensor:
        r"""\left.\frac{d\sigma}{dz}\right|_{z^2_1}: a function's derivative at a value."""
        body = node.body.items[0] if isinstance(node.body, t.Bracket) and len(node.body.items) == 1 else node.body
        at = node.at.items[0]
        place = at.sides[-1] if isinstance(at, t.Comparison) else at
        if isinstance(body, t.Derivative):
            function = body.operand.function if isinstance(body.operand, t.Call) else body.operand
            if isinstance(function, t.Letter | t.Scripted) and self.scene.applies(function):
                order = sum(1 if one.times is None else self.whole(one.times, env) or 1 for one in body.by)
                found = self.scene.slope_at(function, order, place, self.value(place, env), env)
                if found is not None:
                    return found
        raise Unsupported(node, "values are put into derivatives of functions only")
