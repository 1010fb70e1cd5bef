"""A sheet in the making: the same blocks with gaps for the student, or with everything filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.layout import Box
from reports.document import NOTHING, Equation, Gap
from reports.inline import Inline, Piece, Text, inline
from reports.measure import width
from reports.wording import say

LEAST, MOST = 4.0, 17.0  # em of a gap in a formula
REASON = 13.0  # em of a gap for a reason


@dataclass
class Sheet:
    """Counts the gaps, which have the same numbers in the exercises and, `solved`, in their solutions."""

    solved: bool
    gaps: int = 0

    def gap(self, room: float, *content: Piece | Box | str) -> Inline:
        """A gap of `room` em; in the solutions what belongs there, behind the gap's number."""
        self.gaps += 1
        return (*self._mark(), *inline(*content)) if self.solved else (Gap(self.gaps, room),)

    def _mark(self) -> Inline:
        return (*say("sheet-gap", number=str(self.gaps)), Text("\u00a0"))

    def without_right(self, equation: Equation) -> Equation:
        """An equation of which the right side, its last line, is to be found."""
        last = equation.lines[-1]
        room = min(max(LEAST, width(last.rhs) + 1.0), MOST)
        self.gaps += 1
        if self.solved:
            return replace(equation, reason=self._right(equation.reason))
        line = replace(last, rhs=NOTHING)
        return replace(equation, lines=(*equation.lines[:-1], line), gap=Gap(self.gaps, round(room, 1)))

    def _right(self, reason: Inline) -> Inline:
        """The gap's number and that the right side filled it, then the reason that the equation has anyway."""
        number = str(self.gaps)
        return say("sheet-right-why", number=number, reason=reason) if reason else say("sheet-right", number=number)

    def without_reason(self, equation: Equation) -> Equation:
        """An equation of which the reason is to be found."""
        return replace(equation, reason=self.gap(REASON, *equation.reason))
