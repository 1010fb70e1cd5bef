"""Lines by their readable source: for what is not fused, and as comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Integer

from derive.symbols import Array, Width
from verify.engine.arrays.dialects import DIALECTS
from verify.engine.arrays.printer import Printer
from verify.engine.arrays.values import WRITERS
from verify.engine.plan.types import Line, Plan
from verify.engine.source import array_source, function_name, inverse_of, local

_NUMPY = DIALECTS["numpy"]


@dataclass(frozen=True)
class Readable:
    """Prints lines of a plan as `verify.engine.source` does."""

    plan: Plan
    dtype: str
    marked: frozenset[str] = frozenset()  # arrays whose names are set in marks that no source holds

    @property
    def preamble(self) -> str:
        """Imports, and every function that a line may call."""
        source = array_source(self.plan, "numpy", dtype=self.dtype)
        return source[: source.index(f"def {function_name(self.plan)}(")]

    def is_inverse(self, line: Line) -> bool:
        """Whether a line is the inverse of a matrix, as a whole."""
        return inverse_of(line) is not None

    def arrays(self, line: Line) -> list[str]:
        """The names of the arrays that a line reads."""
        inverted = inverse_of(line)
        found = {inverted} if inverted is not None else line.value.atoms(Array)
        return sorted(self.plan.name(one) for one in found)

    def text(self, line: Line) -> str:
        """The source of a line's value.  Raises `NoSource`."""
        inverted = inverse_of(line)
        if inverted is not None:
            return f"{_NUMPY.function('inv')}({self._named(inverted)})"
        value = line.value.xreplace({one: Integer(size) for one, size in self.plan.sizes.items()})
        printer = Printer(self._named, self.plan.function, _NUMPY, WRITERS, self.dtype, wanted=line.axes)
        return printer.whole(value, line.axes)

    def template(self, line: Line, names: Sequence[str]) -> str:
        """The same with `{0}`, `{1}`, … for these arrays."""
        text = replace(self, marked=frozenset(names)).text(line).replace("{", "{{").replace("}", "}}")
        for n, name in enumerate(names):
            text = text.replace(f"«{name}»", f"{{{n}}}")
        return text

    def _named(self, thing: Expr) -> str:
        if isinstance(thing, Width) and thing in self.plan.sizes:
            return str(self.plan.sizes[thing])
        name = local(self.plan, thing)
        return f"«{name}»" if name in self.marked else name
