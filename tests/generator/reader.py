"""Reads LaTeX back to an expression: with it a printed claim, or a mended formula, goes to the oracle as numbers.

Only the syntax comes from `verify.latex`; what letters mean is said here once more.  `Strange` is raised for anything
that the generator would not write and that the checker's mended formulas need not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tests.generator import expressions as x
from tests.generator.expressions import Layer, Node, Num, Ref
from verify.latex import exponent_of, read, splits
from verify.latex import tree as t

WORDS = {"log": "log", "ln": "log", "exp": "exp", "tanh": "tanh", "cosh": "cosh", "sign": "sign", "sgn": "sign",
         "erf": "erf", "sech": "sech", "sin": "sin", "cos": "cos", "abs": "abs"}  # fmt: skip


class Strange(Exception):
    """Something that this reader does not know."""


class Roles(Protocol):
    """What letters mean: quantities, functions, and which expressions are arrays."""

    def quantity(self, node: t.Letter | t.Scripted) -> Node: ...
    def function(self, head: t.Node, argument: Node) -> Node | None: ...
    def gradient(self, node: t.Node) -> Node | None: ...


def claim(text: str, roles: Roles) -> x.Claim:
    """The claim of a formula."""
    lines = []
    for statement in read(text).claims:
        lines.append(tuple(Reader(roles).expression(side) for side in statement.sides))
    return x.Claim(tuple(lines), "read")


class Reader:
    """Turns trees into expressions."""

    def __init__(self, roles: Roles) -> None:
        self.roles = roles

    def expression(self, node: t.Node) -> Node:
        """The expression of a tree."""
        exponent = exponent_of(node)
        if exponent is not None:
            return x.Fn("exp", self.expression(exponent))
        rule: Callable[[t.Node], Node] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        if rule is None:
            raise Strange(f"a {type(node).__name__}")
        return rule(node)

    def _number(self, node: t.Number) -> Node:
        return Num(node.value)

    def _letter(self, node: t.Letter) -> Node:
        if node.name == r"\pi":
            return x.Const(r"\pi")
        if node.name == "1":
            return x.ONE
        return self.roles.quantity(node)

    def _scripted(self, node: t.Scripted) -> Node:
        turned = [one for one in node.upper if isinstance(one, t.Transpose)]
        if turned and len(turned) == 1:
            kept = tuple(one for one in node.upper if one not in turned)
            inner = t.Scripted(node.base, node.lower, kept, node.left_upper, node.left_lower)
            return x.Tr(self._scripted(inner))
        if isinstance(node.base, t.Letter):
            return self.roles.quantity(node)
        raise Strange("scripts on something")

    def _bracket(self, node: t.Bracket) -> Node:
        if len(node.items) != 1:
            raise Strange("a list")
        return self.expression(node.items[0])

    def _negation(self, node: t.Negation) -> Node:
        return x.Neg(self.expression(node.body))

    def _addition(self, node: t.Addition) -> Node:
        return x.Add(tuple(self.expression(one) for one in node.terms))

    def _multiplication(self, node: t.Multiplication) -> Node:
        if node.tight:
            return x.mul(*self._factors(node.factors))
        found = self.expression(node.factors[0])
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            right = self.expression(factor)
            kind = {r"\otimes": x.Outer, r"\oslash": x.Over}.get(sign)
            found = kind(found, right) if kind else x.Had((found, right))
        return found

    def _factors(self, factors: tuple[t.Node, ...]) -> list[Node]:
        found: list[Node] = []
        at = 0
        while at < len(factors):
            one = factors[at]
            if isinstance(one, t.Letter) and one.name == "d" and at + 1 < len(factors):
                gradient = self._gradient(factors[at + 1])
                if gradient is not None:
                    found.append(gradient)
                    at += 2
                    continue
            found.append(self.expression(one))
            at += 1
        return found

    def _gradient(self, node: t.Node) -> Node | None:
        """What d in front of a quantity means, which may be followed by a bracket."""
        if not isinstance(node, t.Applied):
            return self.roles.gradient(node)
        head = self.roles.gradient(node.head)
        return x.mul(head, self._with_scripts(node)) if head is not None else None

    def _fraction(self, node: t.Fraction) -> Node:
        return x.Div(self.expression(node.above), self.expression(node.below))

    def _power(self, node: t.Power) -> Node:
        exponent = self.expression(node.exponent)
        if not isinstance(exponent, Num):
            raise Strange("a power that is no number")
        return x.Pow(self.expression(node.base), exponent.value)

    def _transposed(self, node: t.Transposed) -> Node:
        return x.Tr(self.expression(node.base))

    def _root(self, node: t.Root) -> Node:
        return x.Fn("sqrt", self.expression(node.body))

    def _norm(self, node: t.Norm) -> Node:
        body = self.expression(node.body)
        return x.Norm(body) if node.double else x.Fn("abs", body)

    def _innerproduct(self, node: t.InnerProduct) -> Node:
        return x.Dot(self.expression(node.left), self.expression(node.right))

    def _big(self, node: t.Big) -> Node:
        if node.sign != "sum" or any(
            isinstance(one, t.Comparison) and one.signs[0].kind != "equal" for one in node.under
        ):
            raise Strange(node.sign)
        body = self.expression(node.body)
        over = node.over
        space = over.digits if isinstance(over, t.Number) else named(over) if over is not None else ""
        for binder in reversed(node.binders):
            body = x.Sum(named(binder), space, body, space != "")
        return body

    def _call(self, node: t.Call) -> Node:
        head, power = node.function, None
        arguments = [self.expression(one) for one in node.arguments]
        if isinstance(head, t.Scripted) and isinstance(head.base, t.Letter) and head.base.name.strip("\\") in WORDS:
            marks = head.upper
            if len(marks) != 1 or not isinstance(marks[0], t.Raised) or not isinstance(marks[0].body, t.Number):
                raise Strange("scripts on a function")
            head, power = head.base, marks[0].body.value
        name = head.name.strip("\\") if isinstance(head, t.Letter) else ""
        if name in ("diag", "tr") and len(arguments) == 1:
            return x.Diag(arguments[0]) if name == "diag" else x.Trace(arguments[0])
        if name == "max" and len(arguments) == 2:
            return x.Choose(arguments[0], arguments[1], arguments[0], arguments[1])
        if name in WORDS and len(arguments) == 1:
            found = x.Fn(WORDS[name], arguments[0])
            return x.Pow(found, power) if power is not None else found
        known = self.roles.function(node.function, arguments[0])
        if known is not None:
            return known
        return x.mul(self.expression(node.function), *arguments)

    def _applied(self, node: t.Applied) -> Node:
        plain = not (node.upper or node.lower)
        known = self.roles.function(node.head, self._bracket(node.bracket)) if plain else None
        return known if known is not None else x.mul(self.expression(node.head), self._with_scripts(node))

    def _with_scripts(self, node: t.Applied) -> Node:
        inner: Node = self._bracket(node.bracket)
        for mark in node.upper:
            if isinstance(mark, t.Transpose):
                inner = x.Tr(inner)
            elif isinstance(mark, t.Raised) and isinstance(mark.body, t.Number):
                inner = x.Pow(inner, mark.body.value)
            else:
                raise Strange("scripts on a bracket")
        return inner

    def _derivative(self, node: t.Derivative) -> Node:
        if len(node.by) != 1 or node.order is not None or node.by[0].times is not None:
            raise Strange("a derivative of higher order")
        of, by = self.expression(node.operand), self.expression(node.by[0].variable)
        if not (isinstance(of, Ref) and isinstance(by, Ref)):
            raise Strange("a derivative of an expression")
        return x.D(of, by)

    def _indicator(self, node: t.Indicator) -> Node:
        return self._chosen(node.condition, x.ONE, x.ZERO)

    def _cases(self, node: t.Cases) -> Node:
        *rows, last = node.rows
        found = self.expression(last.value)
        for row in reversed(rows):
            found = self._chosen(row.conditions[0], self.expression(row.value), found)
        return found

    def _chosen(self, condition: t.Node, yes: Node, no: Node) -> Node:
        if not isinstance(condition, t.Comparison) or len(condition.sides) != 2:
            raise Strange("a condition")
        kind = condition.signs[0].kind
        if kind == "equal" and (yes, no) == (x.ONE, x.ZERO):
            left, right = (index(one) for one in condition.sides)
            return x.Kron(left, right)
        left, right = (self.expression(one) for one in condition.sides)
        if kind.startswith("greater"):
            return x.Choose(left, right, yes, no)
        if kind.startswith("less"):
            return x.Choose(right, left, yes, no)
        raise Strange(f"the condition {kind}")


# --- letters --------------------------------------------------------------------------------------------------------


def named(node: t.Node | None) -> str:
    """A letter with its scripts as text: `k`, `n_0`."""
    if isinstance(node, t.Letter):
        return node.name
    if isinstance(node, t.Scripted) and isinstance(node.base, t.Letter) and node.lower and not node.upper:
        return f"{node.base.name}_{''.join(map(plain, node.lower.items))}"
    raise Strange("a letter was expected")


def plain(node: t.Node) -> str:
    """A number or a letter as text."""
    return node.digits if isinstance(node, t.Number) else named(node)


def index(node: t.Node) -> x.At:
    """An index."""
    return int(node.digits) if isinstance(node, t.Number) else named(node)


def layer(node: t.Node) -> Layer:
    """3, l, L - 1 as a layer, its number as it is written."""
    if isinstance(node, t.Number):
        return Layer("", int(node.digits))
    if isinstance(node, t.Letter) and node.name in ("l", "L"):
        return Layer(node.name)
    if isinstance(node, t.Addition) and len(node.terms) == 2 and isinstance(node.terms[0], t.Letter):
        last = node.terms[1]
        number = last.body if isinstance(last, t.Negation) else last
        if isinstance(number, t.Number):
            return Layer(node.terms[0].name, int(number.digits) * (-1 if isinstance(last, t.Negation) else 1))
    raise Strange("a layer")


def accented(letter: t.Letter) -> str:
    """The letter with its accents as LaTeX, without its font."""
    text = letter.name
    for accent in letter.accents:
        text = rf"\{accent}{{{text}}}"
    return text


def indices(node: t.Letter | t.Scripted, slots: int) -> tuple[x.At, ...]:
    """The lower indices of a quantity that has so many; none where it has none."""
    if isinstance(node, t.Letter) or node.lower is None:
        return ()
    for found in splits(node.lower, slots):
        return tuple(index(one) for one in found)
    raise Strange(f"not {slots} indices")


def raised(marks: tuple[t.Mark, ...]) -> t.Node | None:
    """What is raised, where it is one thing."""
    if not marks:
        return None
    if len(marks) != 1 or not isinstance(marks[0], t.Raised):
        raise Strange("scripts")
    return marks[0].body
