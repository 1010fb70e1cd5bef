"""How each kind of expression is lowered: one row each, the first that fits.  And a whole program, by these rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from flint import arb
from sympy import Expr, Indexed, KroneckerDelta, Sum

from derive.functions import Head, kind
from derive.named import Det, LogDet, Opaque
from derive.program import Program
from derive.symbols import Index, Scalar, Width, free_indices
from verify.certificates import arithmetic, entering, heads
from verify.certificates.errors import NotCertified
from verify.certificates.lowering import Formula, Lowering, Ref, Rules
from verify.certificates.operations import Combine
from verify.certificates.places import places
from verify.certificates.plan import Leaf, Plan
from verify.certificates.regions import CASES


def _rational(low: Lowering, expression: Any) -> Ref:
    p, q = int(expression.p), int(expression.q)
    return low.constant(lambda: [arb(p) / q])


def _known_number(low: Lowering, expression: Any) -> Ref:
    makers = {
        sympy.pi: arb.pi,
        sympy.E: arb.const_e,
        sympy.EulerGamma: arb.const_euler,
        sympy.Catalan: arb.const_catalan,
    }
    if expression not in makers:
        raise NotCertified(f"{low.within} holds {expression}, which is no number that is known here")
    return low.constant(lambda: [makers[expression]()])


def _decimal(low: Lowering, expression: Any) -> Ref:
    return _rational(low, sympy.Rational(str(expression)))


def _width(low: Lowering, expression: Width) -> Ref:
    return low.exact([low.number(expression)])


def _index(low: Lowering, expression: Index) -> Ref:
    return low.exact(range(1, low.length(expression.space) + 1), (expression,))


def _delta(low: Lowering, expression: KroneckerDelta) -> Ref:
    axes = tuple(sorted(free_indices(expression), key=str))
    lengths = {one: low.length(one.space) for one in axes}
    far = 10**9  # longer than any axis, so that only equal indices fall on the diagonal
    first, second = (places((one,), axes, lengths, (far,), low.sizes) for one in expression.args)
    return low.exact((first == second).ravel().astype(int).tolist(), axes)


RULES: Rules = (
    (Indexed, entering.indexed),
    (Index, _index),
    (Scalar, entering.scalar),
    (Width, _width),
    (sympy.Rational, _rational),
    (sympy.Float, _decimal),
    (sympy.NumberSymbol, _known_number),
    (Sum, arithmetic.series),
    (sympy.Add, arithmetic.add),
    (sympy.Mul, arithmetic.mul),
    (sympy.Pow, arithmetic.pow),
    (KroneckerDelta, _delta),
    (Head, heads.applied),
    (CASES, heads.cases),
    (Opaque, entering.opaque),
    ((Det, LogDet), entering.determinant),
)


def plan(program: Program, sizes: Mapping[Expr, int], functions: Mapping[str, Formula] | None = None) -> Plan:
    """The plan of a program at these sizes.

    Raises `NotCertified` for what cannot be computed: an unknown function without a formula, a width without a number.
    """
    formulas = {kind(one.lhs): one for one in program.functions}
    low = Lowering(RULES, dict(sizes), formulas, functions or {})
    defined: list[tuple[str, int]] = []
    between: list[Leaf] = []
    for definition in program.definitions:
        symbol = program.symbol(definition.lhs)
        low.within = str(definition.lhs)
        axes = definition.lhs.indices if isinstance(definition.lhs, Indexed) else ()
        found = low.ref(definition.rhs)
        slot = low.over(found, tuple(axes))
        if symbol in program.wrt:  # a slot of its own, of which nothing else holds a part of the adjoint
            slot = low.made(Combine(low.slot(), [(1, 1, slot)]))
            shape = tuple(low.length(one.space) for one in axes)
            between.append(Leaf(str(symbol.name), "defined", slot, shape))
        low.arrays[symbol] = slot
        defined.append((str(symbol.name), slot))
    for one in program.wrt:
        entering.leaf_of(low, one)
    wanted = tuple(one.name for one in program.wrt)
    opaque = program.definitions[-1].rhs.has(Opaque)
    return Plan(tuple(low.operations), low.slots, tuple(low.leaves.values()), wanted, defined[-1][1], tuple(defined),
                opaque, tuple(between))  # fmt: skip
