"""The letters of matrix form: an array as a matrix, a function applied entry by entry, a 1 × 1 product as a number.

Everything else is SymPy's own: `MatMul`, `MatAdd`, `Transpose`, `HadamardProduct`, `OneMatrix`, `BlockMatrix`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer, Lambda, MatrixExpr, Symbol, latex

from derive.symbols import Array


class Letter(MatrixExpr):
    """An array as a matrix: of two axes as it is, of one axis as a column.  `Letter(W)` has the shape (to, from)."""

    def __new__(cls, array: Array) -> Letter:
        return Expr.__new__(cls, array)

    @property
    def array(self) -> Array:
        """The array that it stands for."""
        return self.args[0]

    @property
    def name(self) -> str:
        """The array's name, such as `W2`."""
        return self.array.name

    @property
    def shape(self) -> tuple[Expr, Expr]:
        sizes = [space.size for space in self.array.spaces]
        return (sizes[0], sizes[1] if len(sizes) == 2 else Integer(1))

    def _entry(self, i: Expr, j: Expr, **kwargs: Any) -> Expr:
        return self.array[i + 1, j + 1] if len(self.array.spaces) == 2 else self.array[i + 1]

    def _sympystr(self, printer: Any) -> str:
        return self.name

    def _latex(self, printer: Any) -> str:
        return str(printer.doprint(Symbol(self.name)))

    def doit(self, **hints: Any) -> Letter:
        """Itself: an array's name is not evaluated."""
        return self


class Elementwise(MatrixExpr):
    """f(A, B, …), entry by entry: `Elementwise(Lambda((u, v), u / v), A, B)` is A ⊘ B."""

    def __new__(cls, function: Lambda, *matrices: MatrixExpr) -> Elementwise:
        return Expr.__new__(cls, function, *matrices)

    @property
    def function(self) -> Lambda:
        """The function of one entry of each matrix."""
        return self.args[0]

    @property
    def matrices(self) -> tuple[MatrixExpr, ...]:
        """The matrices, all of one shape."""
        return self.args[1:]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.matrices[0].shape

    def _entry(self, i: Expr, j: Expr, **kwargs: Any) -> Expr:
        return self.function(*(matrix[i, j] for matrix in self.matrices))

    def _latex(self, printer: Any) -> str:
        names = [Symbol(printer.doprint(matrix)) for matrix in self.matrices]
        return str(printer.doprint(self.function.expr.xreplace(dict(zip(self.function.variables, names, strict=True)))))

    def _sympystr(self, printer: Any) -> str:
        return f"{self.function.expr}⟨{', '.join(printer.doprint(matrix) for matrix in self.matrices)}⟩"


class AsNumber(Expr):
    """A 1 × 1 matrix expression, such as aᵀg or 1ᵀv, as a number: a factor like any other."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, matrix: MatrixExpr) -> AsNumber:
        return Expr.__new__(cls, matrix)

    def _latex(self, printer: Any) -> str:
        return rf"\left({printer.doprint(self.matrix)}\right)"

    @property
    def matrix(self) -> MatrixExpr:
        """The 1 × 1 matrix expression."""
        return self.args[0]


class FrobeniusProduct(Expr):
    """tr(Aᵀ B) = Σ_ij A_ij B_ij of two matrices of one shape, as a number."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, left: MatrixExpr, right: MatrixExpr) -> FrobeniusProduct:
        return Expr.__new__(cls, left, right)

    def _latex(self, printer: Any) -> str:
        left, right = map(printer.doprint, self.args)
        return rf"\operatorname{{tr}}\left({left}^T {right}\right)"

    def _sympystr(self, printer: Any) -> str:
        left, right = map(printer.doprint, self.args)
        return f"tr({left}.T*{right})"


class Softmax(MatrixExpr):
    """softmax of a column, or of each row of a matrix."""

    def __new__(cls, matrix: MatrixExpr) -> Softmax:
        return Expr.__new__(cls, matrix)

    @property
    def matrix(self) -> MatrixExpr:
        """The column or matrix."""
        return self.args[0]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.matrix.shape

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{softmax}}\left({printer.doprint(self.matrix)}\right)"

    def _sympystr(self, printer: Any) -> str:
        return f"softmax({printer.doprint(self.matrix)})"


class EntryOf(Expr):
    """The entry of a matrix expression at letters for indices."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, matrix: MatrixExpr, *indices: Expr) -> EntryOf:
        return Expr.__new__(cls, matrix, *indices)

    @property
    def matrix(self) -> MatrixExpr:
        """The matrix, or the column."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Any, ...]:
        """Row and column, or the place in a column."""
        return self.args[1:]


@dataclass(frozen=True)
class Gradient:
    """The left side of a matrix claim: ∂(numerator)/∂(array), shaped like the array."""

    numerator: Expr
    array: Array

    def _repr_latex_(self) -> str:
        return rf"\frac{{\partial {latex(self.numerator)}}}{{\partial {latex(Letter(self.array))}}}"


@dataclass(frozen=True)
class MatrixEquation:
    """`lhs = rhs` in matrix form; `lhs` is a `Letter`, a `Gradient` or a number.  `rhs` is a SymPy expression."""

    lhs: Letter | Gradient | Expr
    rhs: Expr

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows and columns; (1, 1) for a number."""
        return self.rhs.shape if isinstance(self.rhs, MatrixExpr) else (Integer(1), Integer(1))

    def _repr_latex_(self) -> str:
        """What a notebook shows; a `derive.formula.Writer` writes it in a notation."""
        left = self.lhs._repr_latex_() if isinstance(self.lhs, Gradient) else latex(self.lhs)
        return rf"$\displaystyle {left} = {latex(self.rhs)}$"

    def __str__(self) -> str:
        left = f"∂{self.lhs.numerator}/∂{self.lhs.array.name}" if isinstance(self.lhs, Gradient) else self.lhs
        return f"{left} = {self.rhs}"
