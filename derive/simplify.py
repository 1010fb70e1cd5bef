"""Making a formula shorter, or leaving it alone: fold what has a name, cancel what cancels, factor what is common."""

from __future__ import annotations

from sympy import Add, Dummy, Expr, Function, Indexed, Mul, Pow, Sum, cosh, exp, factor, sinh, tanh, together

from derive.contract import common_factors, contract, instantiate, tidy
from derive.equation import Equation
from derive.rewrite import match
from derive.symbols import Partial, Width, bound, free_indices, total


def fold(expression: Expr, definition: Equation) -> Expr:
    """Write a product in a named quantity that is itself a product: e^{z_i}/Σ_k e^{z_k} becomes a_i.

    The definition must be a product with exactly one factor that carries the free index; otherwise nothing is done.
    """
    product = _alike(definition.rhs)
    carriers = [one for one in Mul.make_args(product) if free_indices(one)]
    if len(carriers) != 1 or not isinstance(product, Mul):
        return expression
    rest = product / carriers[0]
    terms = Add.make_args(_alike(expression))
    return Add(*(_fold_term(term, definition.lhs, carriers[0], rest) for term in terms))


def _alike(expression: Expr) -> Expr:
    """The expression with every closed sum in the same letters, so that equal sums are equal objects."""
    return expression.xreplace({one: tidy(one) for one in expression.atoms(Sum) if not free_indices(one)})


def _fold_term(term: Expr, name: Expr, carrier: Expr, rest: Expr) -> Expr:
    base, exponent = rest.as_base_exp()
    left = list(_factors(term))
    available = sum((power / exponent for b, power in (f.as_base_exp() for f in left) if b == base), 0)
    done: list[Expr] = []
    for one in left:
        found = match(carrier, one)
        if found is not None and available >= 1:
            done.append(instantiate(name, found) / rest)
            available -= 1
        else:
            done.append(one)
    return Mul(*done)


def _factors(term: Expr) -> tuple[Expr, ...]:
    """The factors of a product, with e^{u+v} taken apart into e^u · e^v."""
    found: list[Expr] = []
    for one in Mul.make_args(term):
        if isinstance(one, exp) and isinstance(one.args[0], Add):
            found.extend(exp(part) for part in one.args[0].args)
        else:
            found.append(one)
    return tuple(found)


def shorter(expression: Expr, over_widths: bool = True) -> Expr:
    """The expression with common denominators cancelled, if that is shorter; else the expression itself.

    Without `over_widths`, a mean Σ_k x_k / n is not put over the denominator of its neighbours.
    """
    expression = _tangents(expression)
    if not any(power.exp.is_negative for power in expression.atoms(Pow)):
        return common_factors(expression)
    kept = [] if over_widths else [power for power in expression.atoms(Pow) if isinstance(power.base, Width)]
    names = {atom: Dummy(real=True) for atom in (*kept, *_atoms(expression))}
    plain = expression.xreplace(names)
    if plain.has(Sum):
        return common_factors(expression)
    back = {name: atom for atom, name in names.items()}
    candidates = [common_factors(expression), factor(together(plain)).xreplace(back)]
    return _positive(min(candidates, key=lambda one: one.count_ops()))


def shorter_within(expression: Expr) -> Expr:
    """The same within every sum, and means kept apart: Σ_i ((p_i − y_i)/(p_i q_i)) p_i q_i  →  Σ_i (p_i − y_i)."""
    if isinstance(expression, Add):
        return shorter(Add(*(shorter_within(term) for term in expression.args)), over_widths=False)
    if isinstance(expression, Sum):
        return contract(total(shorter_within(expression.function), *bound(expression)))
    if isinstance(expression, Mul):
        return shorter(Mul(*(shorter_within(factor) for factor in expression.args)), over_widths=False)
    return expression


def _positive(expression: Expr) -> Expr:
    """−2(y − a) → 2(a − y): a minus in front goes into the first sum."""
    factors = list(Mul.make_args(expression))
    sums = [place for place, factor in enumerate(factors) if isinstance(factor, Add)]
    if not sums or not factors[0].is_Number or factors[0] >= 0:
        return expression
    factors[sums[0]] = Add(*(-term for term in factors[sums[0]].args))
    return Mul(-factors[0], *factors[1:])


def _tangents(expression: Expr) -> Expr:
    """sinh(u)/cosh(u) → tanh(u)."""
    found = {sinh(u): tanh(u) * cosh(u) for u in (one.args[0] for one in expression.atoms(sinh))}
    return expression.xreplace(found) if found else expression


def _atoms(expression: Expr) -> list[Expr]:
    """The largest parts that rational arithmetic cannot look into."""
    if isinstance(expression, Indexed | Sum | Partial | Function):
        return [expression]
    return list(dict.fromkeys(atom for part in expression.args for atom in _atoms(part)))
