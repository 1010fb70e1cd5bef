"""A line of a plan as plain text, for a comment: `z1_nj = b1_j + Σ_k W1_jk x_nk`, in the names of the source."""

from __future__ import annotations

from typing import Any

from sympy import Expr
from sympy.printing.str import StrPrinter

from derive.symbols import bound
from verify.engine.identifiers import identifier
from verify.engine.plan.types import Line, Plan


class _ClaimPrinter(StrPrinter):
    """SymPy's own text, with sums and entries as on paper."""

    def __init__(self, plan: Plan) -> None:
        super().__init__({"order": "none"})
        self.plan = plan

    def _print_Sum(self, value: Any) -> str:
        letters = "".join(self._print(one) for one in bound(value))
        return f"(Σ_{letters} {self._print(value.function)})"

    def _print_Indexed(self, value: Any) -> str:
        return f"{self.plan.name(value.base)}[{', '.join(self._print(one) for one in value.indices)}]"

    def _print_Index(self, value: Any) -> str:
        return identifier(str(value.name))

    def _print_Array(self, value: Expr) -> str:
        return self.plan.name(value)

    _print_Scalar = _print_Width = _print_Named = _print_Sampled = _print_Adjoint = _print_Slope = _print_Array

    def _print_Softmax(self, value: Any) -> str:
        return f"softmax_{self._print(value.args[1])}({self._print(value.args[0])})"

    def _print_LogSumExp(self, value: Any) -> str:
        inner = value.args[0]
        return f"log(Σ_{''.join(self._print(one) for one in bound(inner))} exp({self._print(inner.function)}))"

    def _print_Head(self, value: Any) -> str:
        arguments = ", ".join(self._print(one) for one in value.args)
        return f"{self.plan.function(value)}({arguments})"


def claim_text(plan: Plan, line: Line) -> str:
    """The text, safe inside a C comment."""
    printer = _ClaimPrinter(plan)
    axes = ", ".join(printer.doprint(axis) for axis in line.axes)
    text = f"{line.name}{f'[{axes}]' if axes else ''} = {printer.doprint(line.value)}"
    return text.replace("*/", "* /").replace("/*", "/ *").replace("\\", " ").replace("\n", " ")
