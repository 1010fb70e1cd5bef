"""Sums and Kronecker deltas: a delta picks its term, a factor that a sum does not touch leaves it, Σ 1 is the width.

    Σ_k δ_kp w_kj d_k   →  w_pj d_p
    Σ_k x_j y_k         →  x_j Σ_k y_k
    Σ_k 1               →  n

SymPy's own `subs` and `doit` capture bound indices or answer in cases; nothing of them is used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Piecewise, Pow, Sum, expand_mul

from derive.symbols import Index, Local, Partial, bound, free_indices, total

LETTERS = ("k", "i", "m", "p", "q", "r", "s", "t", "u", "v")


def fresh(space_of: Index, avoid: Iterable[Index]) -> Index:
    """The first letter for an index of the same space that no index of `avoid` bears; the space's own comes first."""
    taken = {index.name for index in avoid}
    own = [space_of.space.letter] if space_of.space.letter else []
    letters = (letter + suffix for suffix in ("", *(f"_{n}" for n in range(1, 1000))) for letter in (*own, *LETTERS))
    return Index(next(letter for letter in letters if letter not in taken), space_of.space)


def instantiate(expression: Expr, values: Mapping[Index, Expr]) -> Expr:
    """Put values for free indices; a bound index that a value would be captured by is renamed first."""
    touched = {index: value for index, value in values.items() if index != value}
    return _instantiate(expression, touched) if touched else expression


def _instantiate(expression: Expr, values: Mapping[Index, Expr]) -> Expr:
    if isinstance(expression, Index):
        return values.get(expression, expression)
    if isinstance(expression, Sum):
        return _instantiate_sum(expression, values)
    if not expression.args:
        return expression
    if isinstance(expression, Indexed):
        return Indexed(expression.base, *(_instantiate(index, values) for index in expression.indices))
    parts = [_instantiate(part, values) for part in expression.args]
    return (
        expression
        if all(new is old for new, old in zip(parts, expression.args, strict=True))
        else rebuild(expression, parts)
    )


def _instantiate_sum(expression: Sum, values: Mapping[Index, Expr]) -> Expr:
    own = bound(expression)
    inner = {index: value for index, value in values.items() if index not in own}
    incoming = {index for value in inner.values() for index in free_indices(value)}
    body, names = expression.function, list(own)
    for position, index in enumerate(own):
        if any(index.name == other.name for other in incoming):
            names[position] = fresh(index, incoming | free_indices(body) | set(names))
            inner[index] = names[position]
    return total(_instantiate(body, inner), *names)


def rebuild(expression: Expr, parts: list[Expr]) -> Expr:
    """The same kind of node over new parts."""
    return expression.func(*parts)


def contract(expression: Expr) -> Expr:
    """Eliminate every Kronecker delta under a sum over one of its indices, and hoist what a sum does not touch.

    Additions are distributed only where they hold a delta, so a factored form stays factored.
    """
    if isinstance(expression, Sum):
        body = contract(expression.function)
        for index in bound(expression):
            body = _sum_out(body, index)
        return body
    if not expression.has(Sum):
        return expression
    return rebuild(expression, [contract(part) for part in expression.args])


def _sum_out(body: Expr, index: Index) -> Expr:
    """Σ_index body, contracted."""
    if index not in free_indices(body):
        return index.space.size * body
    if isinstance(body, Add) and body.has(KroneckerDelta):
        return Add(*(_sum_out(term, index) for term in body.args))
    cases = _by_delta(body)
    if len(cases) > 1:
        return Add(*(_sum_out(one, index) for one in cases))
    factors = tuple(one for factor in Mul.make_args(body) for one in _taken_out(factor, index))
    for factor in factors:
        rest = Mul(*(one for one in factors if one is not factor))
        other = _picked(factor, index, rest)
        if other is not None:
            return instantiate(rest, {index: other})
        if isinstance(factor, Add) and any(index in delta.free_symbols for delta in factor.atoms(KroneckerDelta)):
            return Add(*(_sum_out(Mul(rest, term), index) for term in factor.args))
    return _hoist(factors, index)


def _picked(factor: Expr, index: Index, rest: Expr) -> Expr | None:
    """The index at which a delta is 1, where what is left may be taken there: δ_{i+k−1,p} gives i = p − k + 1.

    A place that may lie beyond the ends of the index's space is taken only by what is an entry there, and so is 0.
    """
    if not isinstance(factor, KroneckerDelta) or index not in factor.free_symbols:
        return None
    difference = factor.args[0] - factor.args[1]
    coefficient = difference.coeff(index)
    if abs(coefficient) != 1:
        return None
    other = index - coefficient * difference
    inside = isinstance(other, Integer) or (isinstance(other, Index) and other.space == index.space)
    return other if inside or _anchored(rest, index) else None


def _anchored(expression: Expr, index: Index) -> bool:
    """Whether an expression is 0 where an index leaves its space, as an entry at that index is."""
    if isinstance(expression, Partial | Local):
        return any(_anchored(part, index) for part in expression.args)
    if isinstance(expression, Indexed):
        return index in expression.indices
    if isinstance(expression, Sum):
        return _anchored(expression.function, index)
    if isinstance(expression, Pow):
        return bool(expression.exp.is_positive) and _anchored(expression.base, index)
    if isinstance(expression, Add):
        return all(_anchored(part, index) for part in expression.args)
    return isinstance(expression, Mul) and any(_anchored(part, index) for part in expression.args)


def _taken_out(factor: Expr, index: Index) -> tuple[Expr, ...]:
    """A delta that stands in every case of a piecewise formula is taken out of it: {δf, δg} → δ {f, g}."""
    if not isinstance(factor, Piecewise) or not factor.has(KroneckerDelta):
        return (factor,)
    cases = [(value, condition) for value, condition in factor.args if value != 0]
    shared = set.intersection(
        *({one for one in Mul.make_args(value) if isinstance(one, KroneckerDelta)} for value, _ in cases)
    )
    for delta in sorted((one for one in shared if index in one.args), key=str):
        return (delta, Piecewise(*((value / delta, condition) for value, condition in factor.args)))
    return (factor,)


def _by_delta(body: Expr) -> list[Expr]:
    """{(δ − a) f if c, g} as {δ f if c, 0} and {−a f if c, g}: the terms of a piecewise formula by their deltas."""
    if not isinstance(body, Piecewise) or not body.has(KroneckerDelta):
        return [body]
    found: dict[frozenset[Expr], list[Expr]] = {}
    for place, (value, _) in enumerate(body.args):
        for term in Add.make_args(expand_mul(value)):
            deltas = frozenset(one for one in Mul.make_args(term) if isinstance(one, KroneckerDelta))
            found.setdefault(deltas, [Integer(0)] * len(body.args))[place] += term
    return [Piecewise(*((value, condition) for value, (_, condition) in zip(values, body.args, strict=True)))
            for values in found.values() if any(values)]  # fmt: skip


def _hoist(factors: tuple[Expr, ...], index: Index) -> Expr:
    """Σ_index of a product: the factors without the index come out; a factor's own sum is merged with this one."""
    factors = tuple(part for factor in factors for part in _content_first(factor))
    inside = [factor for factor in factors if index in free_indices(factor)]
    outside = [factor for factor in factors if index not in free_indices(factor)]
    clashing = {other for factor in inside for other in _binders(factor)}
    if any(other.name == index.name for other in clashing):
        renamed = fresh(index, clashing | free_indices(Mul(*inside)))
        inside = [instantiate(factor, {index: renamed}) for factor in inside]
        index = renamed
    return Mul(*outside, total(Mul(*inside), index))


def _content_first(factor: Expr) -> tuple[Expr, ...]:
    """2a − 2y as the factors 2 and a − y."""
    return factor.primitive() if isinstance(factor, Add) else (factor,)


def _binders(expression: Expr) -> set[Index]:
    return {index for one in expression.atoms(Sum) for index in bound(one)}


def has_delta(expression: Expr) -> bool:
    """Whether a Kronecker delta is left."""
    return bool(expression.has(KroneckerDelta))


def tidy(expression: Expr, avoid: frozenset[Index] = frozenset()) -> Expr:
    """Give bound indices the first free letters, so that equal sums are written equally and read well."""
    if not expression.has(Sum):
        return expression
    if isinstance(expression, Sum):
        return _tidy_sum(expression, avoid)
    return rebuild(expression, [tidy(part, avoid | free_indices(expression)) for part in expression.args])


def _tidy_sum(expression: Sum, avoid: frozenset[Index]) -> Expr:
    taken = set(avoid | free_indices(expression))
    names: dict[Index, Expr] = {}
    for index in bound(expression):
        names[index] = fresh(index, taken)
        taken.add(names[index])
    temporary = {index: Index(f"·{number}", index.space) for number, index in enumerate(names)}
    body = instantiate(instantiate(expression.function, temporary), {temporary[i]: names[i] for i in names})
    return total(tidy(body, frozenset(taken)), *(names[index] for index in names))


def common_factors(expression: Expr) -> Expr:
    """g_j a_j − a_j s  →  a_j (g_j − s): what stands in every term of a sum is written once."""
    if not isinstance(expression, Add):
        return expression
    powers = [term.as_powers_dict() for term in expression.args]
    shared = [
        Pow(base, min(power[base] for power in powers))
        for base in powers[0]
        if not base.is_Number
        and all(base in power for power in powers)
        and all(power[base].is_Integer and power[base] > 0 for power in powers)
    ]
    if not shared:
        return expression
    divisor = Mul(*shared)
    content, rest = Add(*(term / divisor for term in expression.args)).primitive()
    return Mul(content, divisor, rest)
