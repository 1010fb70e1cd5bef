r"""Results written in the quantities that have a name, where that makes them shorter.

    r³ (x_j − μ)(x_k − μ)   →   r x̂_j x̂_k                 x̂_k = (x_k − μ) r
    e^{S_ij} / Σ_k e^{S_ik}  →   P_ij                       the same with a sum below
    (v + ε)^(−3/2)           →   r³                         r = (v + ε)^(−1/2)
    Σ_k (x_k − μ)            →   0                          μ = Σ_k x_k / n

A definition is a product; one factor of it, the carrier, bears all of its indices.  Where the carrier occurs it is
written by the name and the other factors, if these cancel.  Nothing here is trusted: the kernel proves each result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Rational, Sum, exp, log

from derive.contract import contract, fresh, instantiate, rebuild, tidy
from derive.equation import Equation
from derive.named import Opaque
from derive.symbols import Index, Local, Partial, Width, bound, free_indices, total

Powers = dict[Expr, Expr]
MOST_FOLDS = 200


@dataclass(frozen=True)
class _Flat:
    """A product with its sums opened: number · Π base^exponent, summed over `bound`."""

    number: Expr
    powers: Powers
    bound: tuple[Index, ...] = ()

    @property
    def expression(self) -> Expr:
        """The product as an expression, each sum over what it needs."""
        body = Mul(self.number, *(Pow(base, exponent) for base, exponent in self.powers.items()))
        return contract(total(body, *self.bound))

    @property
    def cost(self) -> float:
        """How much there is to write."""
        return sum(size(base) + _weight(exponent) for base, exponent in self.powers.items())


def _weight(exponent: Expr) -> float:
    if exponent == 1:
        return 0.0
    return 1.0 + float(abs(exponent)) / 2 + (0.5 if exponent < 0 else 0.0)


def size(expression: Expr) -> int:
    """How much there is to write of an expression, roughly: letters and signs."""
    if isinstance(expression, Indexed | Partial | Local) or not expression.args:
        return 1
    return 1 + sum(size(part) for part in expression.args if not part.is_Number)


def _flat(term: Expr) -> _Flat:
    number: Expr = Integer(1)
    powers: Powers = {}
    own: list[Index] = []
    pending = list(Mul.make_args(term))
    taken = set(free_indices(term))
    while pending:
        factor = pending.pop(0)
        if isinstance(factor, Sum) and not isinstance(factor.function, Add):
            names = {}
            for index in bound(factor):
                names[index] = fresh(index, taken)
                taken.add(names[index])
            own += names.values()
            pending[:0] = Mul.make_args(instantiate(factor.function, names))
            continue
        for base, exponent in _powers(factor):
            scale, base = _normal(base, exponent)
            number *= scale
            if base != 1:
                powers[base] = powers.get(base, Integer(0)) + exponent
    return _Flat(number, {base: exponent for base, exponent in powers.items() if exponent != 0}, tuple(own))


def _powers(factor: Expr) -> Iterator[tuple[Expr, Expr]]:
    """A factor as powers; e^{2u−v} is (e^u)² (e^v)^(−1)."""
    if isinstance(factor, exp):
        for part in Add.make_args(factor.args[0]):
            number, rest = part.as_coeff_Mul()
            whole = number.is_Integer
            yield exp(rest if whole else part), number if whole else Integer(1)
    elif isinstance(factor, Pow) and factor.exp.is_Rational:
        for base in Mul.make_args(factor.base) if factor.exp.is_Integer else (factor.base,):
            inner, power = base.as_base_exp() if isinstance(base, Pow) else (base, Integer(1))
            yield inner, power * factor.exp
    else:
        yield factor, Integer(1)


def _normal(base: Expr, exponent: Expr) -> tuple[Expr, Expr]:
    """2μ − 2x as −2 and x − μ; sums in their usual letters."""
    if base.is_Number:
        return Pow(base, exponent), Integer(1)
    if base.has(Sum):
        base = tidy(base)
    if not isinstance(base, Add) or not exponent.is_Integer:
        return Integer(1), base
    content, rest = base.primitive()
    if rest.could_extract_minus_sign():
        content, rest = -content, -rest
    return Pow(content, exponent), rest


@dataclass(frozen=True)
class _Name:
    """A definition taken apart: name = number · carrier^exponent · Π others."""

    equation: Equation
    name: Expr
    number: Expr
    carrier: Expr
    exponent: Expr
    others: tuple[tuple[Expr, Expr], ...]

    @staticmethod
    def of(equation: Equation) -> Iterator[_Name]:
        """The definition by each factor that may carry it, the largest first; none if it is no product.

        s = log Σ_k e^{x_k} is read as e^s = Σ_k e^{x_k}.
        """
        name, rhs = equation.lhs, equation.rhs
        if isinstance(rhs, log):
            name, rhs = exp(name), rhs.args[0]
        whole = _closed(rhs)
        free = set(equation.indices)
        carriers = [base for base in whole.powers if free <= free_indices(base) and not isinstance(base, Width)]
        if len(whole.powers) == 1 and isinstance(carriers[0] if carriers else None, Indexed):
            return
        for carrier in sorted(carriers, key=lambda one: (-size(one), str(one))):
            others = tuple((base, power) for base, power in whole.powers.items() if base != carrier)
            yield _Name(equation, name, whole.number, carrier, whole.powers[carrier], others)

    def instances(self, base: Expr) -> Iterator[tuple[dict[Index, Expr], int]]:
        """The values of the indices for which the carrier is ± a base, and the sign."""
        if type(base) is not type(self.carrier):
            return
        for values in _assignments(self.carrier, base):
            here = instantiate(self.carrier, values)
            here = tidy(here) if here.has(Sum) else here
            if here == base:
                yield values, 1
            elif isinstance(here, Add) and -here == base:
                yield values, -1

    def put_into(self, term: _Flat) -> _Flat | None:
        """The term with the name in place of the carrier, where that is shorter."""
        for base, power in term.powers.items():
            ratio = power / self.exponent
            for values, sign in self.instances(base) if ratio.is_Rational and abs(ratio) >= 1 else ():
                step = Integer(1 if ratio > 0 else -1)
                times = ratio if ratio.is_Integer else step * (abs(ratio) // 1)
                for count in dict.fromkeys((times, step)):
                    found = self._exchanged(term, base, values, sign, count)
                    if found is not None and found.cost < term.cost:
                        return found
        return None

    def _exchanged(self, term: _Flat, base: Expr, values: dict[Index, Expr], sign: int, times: Expr) -> _Flat | None:
        powers = dict(term.powers)
        scale = Integer(sign) ** (self.exponent * times)
        if not scale.is_Integer:
            return None
        _multiply(powers, base, -self.exponent * times)
        _multiply(powers, instantiate(self.name, values), times)
        for other, power in self.others:
            there = instantiate(other, values)
            there = tidy(there) if there.has(Sum) else there
            before = powers.get(there, Integer(0))
            _multiply(powers, there, -power * times)
            if powers.get(there, Integer(0)) < 0 <= before and isinstance(there, Indexed):
                return None  # x_i is not to be written as y_i / g_i, which says nothing where g_i is 0
        return _Flat(term.number * scale / self.number**times, powers, term.bound)


def _closed(expression: Expr) -> _Flat:
    """A product without opening its sums."""
    number: Expr = Integer(1)
    powers: Powers = {}
    for factor in Mul.make_args(expression):
        for base, exponent in _powers(factor):
            scale, base = _normal(base, exponent)
            number *= scale
            if base != 1:
                _multiply(powers, base, exponent)
    return _Flat(number, powers)


def _multiply(powers: Powers, base: Expr, exponent: Expr) -> None:
    powers[base] = powers.get(base, Integer(0)) + exponent
    if powers[base] == 0:
        del powers[base]


def _assignments(pattern: Expr, expression: Expr) -> Iterator[dict[Index, Expr]]:
    """Every way to give the pattern's free indices free indices of an expression, of the same spaces."""
    own = sorted(free_indices(pattern), key=str)
    there = sorted(free_indices(expression), key=str)
    for choice in product(*([one for one in there if one.space == index.space] for index in own)):
        yield dict(zip(own, choice, strict=True))


@dataclass
class Folder:
    """Folds expressions onto the definitions of a program; `used` are those that it has used."""

    definitions: tuple[Equation, ...]
    used: list[Equation] = field(default_factory=list)

    def __post_init__(self) -> None:
        listed = [one for one in reversed(self.definitions) if not one.rhs.has(Opaque, KroneckerDelta)]
        self._names = [name for one in listed for name in _Name.of(one)]

    def __call__(self, expression: Expr) -> Expr:
        """The expression in named quantities."""
        terms = [_turned(self._term(term)) for term in Add.make_args(self._inside(expression))]
        return _gathered(Add(*terms))

    def _inside(self, expression: Expr) -> Expr:
        """The parts first: sums that have a value, then sums within functions, powers and factors."""
        if isinstance(expression, Indexed | Partial | Local) or not expression.args:
            return expression
        if isinstance(expression, Sum):
            body = expression.function
            body = self(body) if isinstance(body, Add) else self._inside(body)
            return self._summed(contract(total(body, *bound(expression))))
        parts = [self(one) if isinstance(one, Add) else self._inside(one) for one in expression.args]
        same = all(new is old for new, old in zip(parts, expression.args, strict=True))
        return expression if same else rebuild(expression, parts)

    def _term(self, term: Expr) -> Expr:
        flat = _flat(term)
        start = flat
        for _ in range(MOST_FOLDS):
            found = next(((name, new) for name in self._names if (new := name.put_into(flat)) is not None), None)
            if found is None:
                break
            name, flat = found
            self._note(name.equation)
        return term if flat is start else self._inside(flat.expression)

    def _note(self, *equations: Equation) -> None:
        self.used += [one for one in equations if one not in self.used]

    def _summed(self, expression: Expr) -> Expr:
        """A product in which each sum that a definition gives a value is that value."""
        factors = []
        for factor in Mul.make_args(expression):
            value = None
            if isinstance(factor, Sum) and len(bound(factor)) == 1:
                used: list[Equation] = []
                value = self._total(factor.function, bound(factor)[0], used, 0)
                if value is not None and not value.has(Sum) and size(value) < size(factor):
                    self._note(*used)
                else:
                    value = None
            factors.append(factor if value is None else value)
        return Mul(*factors)

    def _total(self, body: Expr, index: Index, used: list[Equation], depth: int) -> Expr | None:
        """Σ_index body, if the definitions say what it is."""
        if index not in free_indices(body):
            return index.space.size * body
        if isinstance(body, Add):
            parts = [self._total(part, index, used, depth) for part in body.args]
            return None if any(part is None for part in parts) else Add(*parts)
        outside = [one for one in Mul.make_args(body) if index not in free_indices(one)]
        inside = Mul(*(one for one in Mul.make_args(body) if index in free_indices(one)))
        value = self._defining(inside, index, used)
        if value is None and depth < 3 and isinstance(inside, Indexed):
            value = self._expanded(inside, index, used, depth)
        return None if value is None else Mul(*outside, value)

    def _defining(self, body: Expr, index: Index, used: list[Equation]) -> Expr | None:
        """Σ_k x_k = n μ, where μ is defined as Σ_k x_k / n."""
        for equation in self.definitions:
            whole = _closed(equation.rhs)
            sums = [base for base, power in whole.powers.items() if isinstance(base, Sum) and power == 1]
            others = [base for base in whole.powers if base not in sums]
            if len(sums) != 1 or not all(isinstance(base, Width) for base in others):
                continue
            wanted = tidy(total(body, index))
            for values in _assignments(sums[0], wanted):
                if tidy(instantiate(sums[0], values)) == wanted:
                    used.append(equation)
                    rest = Mul(whole.number, *(Pow(base, whole.powers[base]) for base in others))
                    return instantiate(equation.lhs, values) / rest
        return None

    def _expanded(self, entry: Indexed, index: Index, used: list[Equation], depth: int) -> Expr | None:
        """Σ_k P_ik = 1 and Σ_k x̂_k = 0: the definition is put in, and the sum taken of that."""
        equation = next((one for one in self.definitions if isinstance(one.lhs, Indexed)
                         and one.lhs.base == entry.base), None)  # fmt: skip
        if equation is None or not all(isinstance(one, Index) for one in entry.indices):
            return None
        values = dict(zip(equation.lhs.indices, entry.indices, strict=True))
        body = instantiate(equation.rhs, values)
        used.append(equation)
        outside = [one for one in Mul.make_args(body) if index not in free_indices(one)]
        inside = Mul(*(one for one in Mul.make_args(body) if index in free_indices(one)))
        whole = tidy(contract(total(inside, index)) * Mul(*outside))
        if not whole.has(Sum):
            return whole
        value = self._total(inside, index, used, depth + 1)
        return None if value is None else Mul(*outside, value)


def _turned(term: Expr) -> Expr:
    """−Σ_i x_i (y_i − p_i) as Σ_i x_i (p_i − y_i), where one factor can take the sign."""
    number, rest = term.as_coeff_Mul()
    if not number.is_negative:
        return term
    factors = list(Mul.make_args(rest))
    for place, factor in enumerate(factors):
        other = None
        if isinstance(factor, Add) and any(one.could_extract_minus_sign() for one in factor.args):
            other = Add(*(-one for one in factor.args))
        elif isinstance(factor, Sum):
            inner = _turned(-factor.function)
            other = None if inner == -factor.function else total(inner, *bound(factor))
        if other is not None:
            return Mul(-number, *factors[:place], other, *factors[place + 1 :])
    return term


def _gathered(expression: Expr) -> Expr:
    """What stands in every term in front: r g − r s  →  r (g − s), also to powers that are no whole numbers."""
    if not isinstance(expression, Add):
        return expression
    flats = [_closed(term) for term in expression.args]
    shared: Powers = {}
    for base in flats[0].powers:
        powers = [flat.powers.get(base, Integer(0)) for flat in flats]
        if all(power > 0 for power in powers):
            shared[base] = min(powers)
        elif all(power < 0 for power in powers):
            shared[base] = max(powers)
    if not shared:
        return expression
    for flat in flats:
        for base, power in shared.items():
            _multiply(flat.powers, base, -power)
    content, rest = Add(*(flat.expression for flat in flats)).primitive()
    front = Mul(*(Pow(base, power) for base, power in shared.items()))
    if isinstance(rest, Add) and rest.could_extract_minus_sign() and content < 0:
        content, rest = -content, -rest
    return Mul(Rational(content), front, rest)
