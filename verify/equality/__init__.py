"""Whether two expressions are equal for every width: exact, by one canonical form, or `Undecided`."""

from __future__ import annotations

from sympy import Expr

from verify.equality.clearing import vanishes
from verify.equality.polynomial import Polynomial, Undecided, canonical
from verify.equality.reading import Reader

__all__ = ["Polynomial", "Reader", "Undecided", "difference", "equal", "vanishes"]


def equal(left: Expr, right: Expr) -> bool:
    """Whether two expressions have the same canonical form, denominators cleared; raises `Undecided`."""
    return left == right or vanishes(difference(Reader(), left, right))


def difference(reader: Reader, left: Expr, right: Expr) -> Polynomial:
    """The canonical form of left − right, as a reader reads them."""
    minus = [(-coefficient, factors, bound) for coefficient, factors, bound in reader.form(right).raw()]
    return canonical([*reader.form(left).raw(), *minus])
