"""Lines as C loops: one loop an axis, sums hoisted to where their letters are bound, common parts computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Expr, Indexed, Sum

from derive.named import Det, Inverse, LogDet
from derive.symbols import Index, bound, free_indices
from verify.engine.backends import Missing
from verify.engine.compiled.expressions import Local, Writer
from verify.engine.plan.stable import LogSumExp, Softmax
from verify.engine.plan.types import Line

INDENT = "    "
# A sum of fewer terms is left to the compiler to unroll; a longer one may use several partial sums at once.
_LANES_FROM = 16


@dataclass
class Scope:
    """The body of a loop over `index` (none: outside all loops): statements, and sums already computed there."""

    index: Index | None = None
    upper: Expr | None = None
    lines: list[str] = field(default_factory=list)
    known: dict[Expr, Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Loops:
    """Writes one line of a plan."""

    writer: Writer

    def line(self, line: Line, value: Expr) -> list[str]:
        """`target[axes] = value` for every entry."""
        return self._accumulated(line, value) or self.entries(line, value)

    def entries(self, line: Line, value: Expr) -> list[str]:
        """The same, entry after entry; the value may speak of the target itself."""
        flat = self._flat(line, value)
        if flat:
            return flat
        scopes = [Scope(), *(Scope(axis, axis.space.size) for axis in line.axes)]
        scopes[-1].lines += self.statements(self.target(line), "=", value, scopes)
        return self.closed(scopes)

    def _flat(self, line: Line, value: Expr) -> list[str]:
        """One long loop instead of several, where every array is read at the place that is written."""
        here = Local(self.target(line))
        entries = value.atoms(Indexed)
        fits = all(one.indices == line.axes and _sizes(one.base.spaces) == _sizes(line.axes) for one in entries)
        without = value.xreplace({one: Local("entry") for one in entries})
        if len(line.axes) < 2 or not fits or without.has(Sum, Softmax, LogSumExp, Det, LogDet, Index):
            return []
        self.writer.used.add("flat")
        place = self.writer.names.local("i")
        names = {one: self.writer.entry(one.base, []) for one in entries} | {here: self.writer.names.given(line.name)}
        moved = value.xreplace({one: Local(f"flat({name})[{place}]") for one, name in names.items()})
        body = self.statements(f"flat({names[here]})[{place}]", "=", moved, [Scope()])
        total = "*".join(self.writer.size(axis.space.size) for axis in line.axes)
        head = f"for (int64_t {place} = 0; {place} < {total}; {place}++)"
        if len(body) == 1:
            return [head, f"{INDENT}{body[0]}"]
        return [f"{head} {{", *(f"{INDENT}{one}" for one in body), "}"]

    def target(self, line: Line) -> str:
        """The entry that a line defines; a number is a variable."""
        name = self.writer.names.given(line.name)
        if not line.axes:
            return f"const real {name}"
        return name + "".join(f"[{self.writer.names.index(axis)}]" for axis in line.axes)

    def statements(self, target: str, sign: str, value: Expr, scopes: list[Scope]) -> list[str]:
        """Locals for common parts, then `target = value;`."""
        lowered = self.lower(value, scopes)
        shared, (rest,) = sympy.cse([lowered], symbols=_locals(self.writer), order="none")
        found = [f"const real {name} = {self.writer.text(part)};" for name, part in shared]
        return [*found, f"{target} {sign} {self.writer.text(rest)};"]

    def lower(self, value: Expr, scopes: list[Scope]) -> Expr:
        """The value with a local for each sum, softmax and determinant in it."""
        if isinstance(value, Sum | Softmax | LogSumExp | Det | LogDet):
            return self._hoisted(value, scopes)
        if isinstance(value, Indexed) or not value.args:
            return value
        parts = [self.lower(part, scopes) if isinstance(part, sympy.Basic) else part for part in value.args]
        same = all(new is old for new, old in zip(parts, value.args, strict=True))
        return value if same else value.func(*parts)

    def _hoisted(self, value: Expr, scopes: list[Scope]) -> Expr:
        """A local for a sum, written into the outermost loop that binds all its letters."""
        key, letters = value, free_indices(value)
        if isinstance(value, Softmax):
            exponent, at = value.args
            letters = letters - {at}
            key = Softmax(exponent.xreplace({at: _turned(at)}), _turned(at))
        depth = max((n for n, scope in enumerate(scopes) if scope.index in letters), default=0)
        here = scopes[: depth + 1]
        if key not in scopes[depth].known:
            lines, found = self._written(value, here)
            scopes[depth].lines += lines
            scopes[depth].known[key] = found
        found = scopes[depth].known[key]
        if isinstance(value, Softmax):  # (largest, total) of the row are known: the entry itself is left
            top, total = found.args
            return sympy.exp(self.lower(value.args[0], scopes) - top) / total
        return found

    def _written(self, value: Expr, scopes: list[Scope]) -> tuple[list[str], Expr]:
        if isinstance(value, Sum):
            return self._sum(value, scopes)
        if isinstance(value, LogSumExp):
            inner = value.args[0]
            return self._log_sum_exp(inner.function, bound(inner), inner.limits, scopes)
        if isinstance(value, Softmax):
            exponent, at = value.args
            lines, top, total = self._powers(exponent, (at,), scopes)
            return lines, sympy.Tuple(top, total)
        return self._of_matrix(value)

    def _sum(self, value: Sum, scopes: list[Scope]) -> tuple[list[str], Expr]:
        name = self.writer.names.local("s")
        inner = [Scope(k, _upper(limit)) for k, limit in zip(bound(value)[::-1], value.limits[::-1], strict=True)]
        inner[-1].lines += self.statements(name, "+=", value.function, [*scopes, *inner])
        wide = name if self._is_long(inner[-1]) and len(inner[-1].lines) == 1 else ""
        return [f"real {name} = {self.writer.literal(0)};", *self.closed(inner, wide)], Local(name)

    def _is_long(self, scope: Scope) -> bool:
        size: Any = self.writer.plan.sizes.get(scope.upper, scope.upper)
        return not getattr(size, "is_number", True) or int(size) >= _LANES_FROM

    def _log_sum_exp(
        self, body: Expr, own: tuple[Index, ...], limits: Any, scopes: list[Scope]
    ) -> tuple[list[str], Expr]:
        lines, top, total = self._powers(body, own, scopes, finite=True)
        name = self.writer.names.local("s")
        text = self.writer.text(top + sympy.log(total))
        return [*lines, f"const real {name} = {text};"], Local(name)

    def _powers(
        self, body: Expr, own: tuple[Index, ...], scopes: list[Scope], finite: bool = False
    ) -> tuple[list[str], Expr, Expr]:
        """The largest exponent, and Σ e^{exponent − largest}, which cannot overflow.

        Where the largest must be `finite`, 0 stands for an infinite one: then log Σ e^{−∞} is −∞, as it should be.
        """
        top, total = self.writer.names.local("largest"), self.writer.names.local("total")
        first = [Scope(k, k.space.size) for k in own]
        value = self.lower(body, [*scopes, *first])
        first[-1].lines.append(f"{top} = larger({top}, {self.writer.text(value)});")
        second = [Scope(k, k.space.size) for k in own]
        term = sympy.exp(self.lower(body, [*scopes, *second]) - Local(top))
        second[-1].lines.append(f"{total} += {self.writer.text(term)};")
        self.writer.used.add("larger")
        zero = self.writer.literal(0)
        lines = [f"real {top} = -INFINITY, {total} = {zero};", *self.closed(first)]
        if finite:
            lines.append(f"if (isinf({top})) {top} = {zero};")
        return [*lines, *self.closed(second)], Local(top), Local(total)

    def _of_matrix(self, value: Any) -> tuple[list[str], Expr]:
        """det A, log |det A|."""
        function = "determinant" if isinstance(value, Det) else "log_det"
        self.writer.used.add(function)
        name, array = self.writer.names.local("s"), self.writer.names.given(self.writer.plan.name(value.array))
        size = self.writer.size(value.array.spaces[0].size)
        return [f"const real {name} = {function}({size}, {array}[0], lu);"], Local(name)

    def inverse(self, line: Line, value: Inverse) -> list[str]:
        """A⁻¹ by elimination; a singular matrix ends the run."""
        self.writer.used.add("inverse")
        size = self.writer.size(value.spaces[0].size)
        name, array = (self.writer.names.given(one) for one in (line.name, self.writer.plan.name(value.array)))
        return [f"if (inverse({size}, {array}[0], {name}[0], lu)) return SINGULAR;"]

    def _accumulated(self, line: Line, value: Expr) -> list[str] | None:
        """Σ_k A_kq … with q the last axis everywhere: row by row, so that neighbours in memory follow one another."""
        found = next((one for one in _sums(value) if self._by_rows(line, one)), None)
        if found is None:
            return None
        target = self.target(line)
        start = Scope(), *(Scope(axis, axis.space.size) for axis in line.axes)
        start[-1].lines.append(f"{target} = {self.writer.literal(0)};")
        inner = [Scope(k, _upper(limit)) for k, limit in zip(bound(found)[::-1], found.limits[::-1], strict=True)]
        *outer, last = (Scope(axis, axis.space.size) for axis in line.axes)
        scopes = [Scope(), *outer, *inner, last]
        last.lines += self.statements(target, "+=", found.function, scopes)
        lines = [*self.closed(list(start)), *self.closed(scopes)]
        rest = value.xreplace({found: Local(target)})
        if rest == Local(target):
            return lines
        return [*lines, *self.entries(line, rest)]

    def _by_rows(self, line: Line, value: Sum) -> bool:
        """Whether a sum runs over rows: the line's last axis is last in an entry, no summed letter is."""
        if not line.axes or not free_indices(value) <= set(line.axes) or value.function.has(Sum, Softmax, LogSumExp):
            return False
        lasts = [one.indices[-1] for one in value.function.atoms(Indexed)]
        return line.axes[-1] in lasts and not any(free_indices(one) & set(bound(value)) for one in lasts)

    def closed(self, scopes: Sequence[Scope], wide: str = "") -> list[str]:
        """The loops with their bodies; `wide` names a sum of the innermost that may be summed in parts."""
        lines: list[str] = []
        for scope in reversed(scopes):
            body = [*scope.lines, *lines]
            lines = self._loop(scope, body, wide) if scope.index is not None else body
            wide = ""
        return lines

    def _loop(self, scope: Scope, body: list[str], wide: str) -> list[str]:
        assert scope.index is not None and scope.upper is not None
        k, upper = self.writer.names.index(scope.index), self.writer.size(scope.upper)
        head = f"for (int64_t {k} = 0; {k} < {upper}; {k}++)"
        pragma = [f"#pragma omp simd reduction(+:{wide})"] if wide else []
        if len(body) == 1:
            return [*pragma, head, f"{INDENT}{body[0]}"]
        return [*pragma, f"{head} {{", *(f"{INDENT}{one}" for one in body), "}"]


def _sizes(axes: Sequence[Any]) -> list[Expr]:
    """The lengths of axes, given by their indices or their spaces."""
    return [getattr(one, "space", one).size for one in axes]


def _sums(value: Expr) -> list[Sum]:
    """The outermost sums of a value, in order."""
    if isinstance(value, Sum):
        return [value]
    if isinstance(value, Indexed | Softmax | LogSumExp):
        return []
    return [one for part in value.args for one in _sums(part)]


def _upper(limit: Any) -> Expr:
    """The number of terms of a sum, which starts at 1."""
    _, lower, upper = limit
    if lower != 1:
        raise Missing(f"the compiled backend sums from 1, not from {lower}; use the numpy backend")
    return upper


def _turned(at: Index) -> Index:
    """A letter that stands for whichever entry of the row."""
    return Index("entry of the row", at.space)


def _locals(writer: Writer) -> Any:
    while True:
        yield Local(writer.names.local("t"))
