"""Matrix expressions as NumPy source, for one sample or many: a column of the mathematics is a row of the batch.

mathematics (a column per sample)      NumPy (a row per sample)
W a                                    a @ W.T
Wᵀ δ                                   delta @ W
δ aᵀ, summed over the samples          delta.T @ a
uᵀ v, a number per sample              (u * v).sum(-1, keepdims=True)
u ⊙ v                                  u * v
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, MatAdd, MatMul, MatrixExpr, OneMatrix, Rational, Symbol, Transpose, exp
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.precedence import PRECEDENCE

from derive.functions import Head
from derive.linear import AsNumber, Elementwise, Letter
from derive.network import SpecError


class BatchPrinter(NumPyPrinter):
    """Prints what `derive.matrix` recognises.

    `widths` are the numbers for the width symbols; `inline` holds columns that are printed by another expression, such
    as σ′(z) by a(1 − a); `appended` are the names of weights whose last column is the bias.
    """

    def __init__(
        self,
        widths: Mapping[Expr, int],
        inline: Mapping[Expr, Expr] | None = None,
        appended: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__({"fully_qualified_modules": False, "allow_unknown_functions": True})
        self.widths, self.inline, self.appended = widths, inline or {}, appended
        self.constants: dict[str, list[tuple[Expr, ...]]] = {}

    def factor(self, expression: Expr) -> str:
        """Source that can stand in a product."""
        source = self._print(expression)
        loose = source.startswith("-") or any(_at_top(source, sign) for sign in (" + ", " - ", " @ "))
        return f"({source})" if loose else source

    def _print_Letter(self, expression: Letter) -> str:
        whole = expression.array.role == "W" and expression.name in self.appended
        return f"{expression.name}[:, :-1]" if whole else expression.name

    def _print_Width(self, expression: Expr) -> str:
        if expression not in self.widths:
            raise SpecError(f"the engine needs a number for the width {expression}")
        return str(self.widths[expression])

    def _print_Rational(self, expression: Rational) -> str:
        """A constant of many digits, such as 1e300, as a float; a short fraction as it is."""
        if max(abs(expression.p), expression.q) < 10**15:
            return str(super()._print_Rational(expression))
        return repr(float(expression))

    _print_Integer = _print_Rational

    def _print_Scalar(self, expression: Expr) -> str:
        return str(expression.name)

    def _print_Function(self, expression: Expr) -> str:
        if not isinstance(expression, Head):
            return str(super()._print_Function(expression))
        letters = [part for part in expression.args[1:] if isinstance(part, Symbol)]
        return f"{self.function(expression)}({', '.join(self._print(part) for part in (expression.args[0], *letters))})"

    def function(self, expression: Head) -> str:
        """The name of an applied activation; one with other numbers for its constants has a name of its own."""
        numbers = tuple(part for part in expression.args[1:] if not isinstance(part, Symbol))
        known = self.constants.setdefault(type(expression).row.name, [])
        if numbers not in known:
            known.append(numbers)
        place = known.index(numbers)
        return f"{type(expression).__name__}{f'_{place + 1}' if place else ''}"

    _print_tanh = NumPyPrinter._print_tanh

    def _print_OneMatrix(self, expression: OneMatrix) -> str:
        return "1"

    def _print_ZeroMatrix(self, expression: Any) -> str:
        return f"zeros((len(x), {self._print(expression.shape[0])}))"

    def _print_MatAdd(self, expression: MatAdd) -> str:
        terms = [self._print(term) for term in expression.args]
        return "".join([terms[0], *(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in terms[1:])])

    def _print_HadamardProduct(self, expression: Expr) -> str:
        return "*".join(self.factor(part) for part in expression.args)

    def _print_Elementwise(self, expression: Elementwise) -> str:
        if expression in self.inline:
            return self._print(self.inline[expression])
        names = [Symbol(self.factor(matrix), real=True) for matrix in expression.matrices]
        return self._print(
            expression.function.expr.xreplace(dict(zip(expression.function.variables, names, strict=True)))
        )

    def _print_Piecewise(self, expression: Expr) -> str:
        (value, condition), *rest = expression.args
        if not rest:
            return self._print(value)
        other = self._print_Piecewise(expression.func(*rest)) if len(rest) > 1 else self._print(rest[0][0])
        return f"where({self._print(condition)}, {self._print(value)}, {other})"

    def _print_Relational(self, expression: Any) -> str:
        return f"{self._print(expression.lhs)} {expression.rel_op} {self._print(expression.rhs)}"

    def _print_Pow(self, expression: Expr, rational: bool = False) -> str:
        base, exponent = expression.args
        if exponent == -1:
            return f"1/{self.parenthesize(base, PRECEDENCE['Pow'])}"
        if exponent == Rational(1, 2):
            return f"sqrt({self._print(base)})"
        return f"{self.parenthesize(base, PRECEDENCE['Pow'])}**{self.parenthesize(exponent, PRECEDENCE['Pow'])}"

    def _print_SampleSum(self, expression: Any) -> str:
        source = self._print(expression.matrix)
        return f"{source if source.isidentifier() else f'({source})'}.sum(0)"

    def _print_AsNumber(self, expression: Any) -> str:
        return self._print(expression.matrix)

    def _print_MatMul(self, expression: MatMul) -> str:
        numbers = [part for part in expression.args if not isinstance(part, MatrixExpr)]
        matrices = [part for part in expression.args if isinstance(part, MatrixExpr)]
        if _is_softmax(numbers, matrices):
            return f"softmax({self._print(matrices[0].matrices[0])})"
        source = self._product(matrices)
        sign = "-" if numbers and numbers[0].could_extract_minus_sign() else ""
        number = [self.factor(-part if sign else part) for part in numbers if part not in (1, -1)]
        if number and _at_top(source, " @ "):
            source = f"({source})"
        return sign + "*".join([*number, source] if source != "1" or not number else number)

    def _product(self, matrices: list[MatrixExpr]) -> str:
        """A product of matrices ending in a column, or a column times a row."""
        *left, last = matrices
        if not left:
            return self.factor(last)
        if isinstance(last, Transpose) and last.arg.shape[1] == 1 and last.shape[0] == 1:
            return f"{self._transposed(self._product(left))} @ {self.factor(last.arg)}"
        if isinstance(left[0], Transpose) and left[0].shape[0] == 1:
            return self._number(left[0].arg, [*left[1:], last])
        source = self.factor(last)
        for matrix in reversed(left):
            source = f"{source} @ {self._right_factor(matrix)}"
        return source

    def _number(self, first: MatrixExpr, rest: list[MatrixExpr]) -> str:
        if [first] == rest:
            return f"({self.factor(first)}**2).sum(-1, keepdims=True)"
        other = self._product(rest)
        if isinstance(first, OneMatrix):
            return f"{other if other.isidentifier() else f'({other})'}.sum(-1, keepdims=True)"
        return f"({self.factor(first)}*{f'({other})' if _at_top(other, ' @ ') else other}).sum(-1, keepdims=True)"

    def _right_factor(self, matrix: MatrixExpr) -> str:
        """A matrix as the right factor of a row: W becomes W.T, Wᵀ becomes W."""
        return self.factor(matrix.arg) if isinstance(matrix, Transpose) else f"{self.factor(matrix)}.T"

    @staticmethod
    def _transposed(source: str) -> str:
        return f"{source}.T" if source.isidentifier() or source.startswith("(") else f"({source}).T"

    def _print_BlockMatrix(self, expression: Any) -> str:
        blocks = expression.blocks
        if blocks.shape == (1, 2):
            return str(blocks[0, 0].name)
        return f"with_one({self._print(blocks[0, 0])})"


def _is_softmax(numbers: list[Expr], matrices: list[MatrixExpr]) -> bool:
    """Whether a product is e^v / 1ᵀe^v: that is computed without overflow, whatever v is."""
    if len(numbers) != 1 or len(matrices) != 1 or not isinstance(matrices[0], Elementwise):
        return False
    function = matrices[0].function
    if len(function.variables) != 1 or function.expr != exp(function.variables[0]):
        return False
    total = AsNumber(MatMul(Transpose(OneMatrix(matrices[0].shape[0], 1)), matrices[0]))
    return bool(numbers[0] == 1 / total)


def _at_top(source: str, sign: str) -> bool:
    """Whether the sign stands outside all brackets."""
    depth = 0
    for place, letter in enumerate(source):
        depth += (letter in "([") - (letter in ")]")
        if not depth and source.startswith(sign, place):
            return True
    return False


class SampleSum(Expr):
    """Σ over the samples of a batch, of what a column holds for each."""

    def __new__(cls, matrix: MatrixExpr) -> SampleSum:
        return Expr.__new__(cls, matrix)

    @property
    def matrix(self) -> MatrixExpr:
        """The column."""
        return self.args[0]
