"""What a worker is told when it starts: whom to ask, and how much memory and how many answers it may have."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

SECONDS = 2.0
"""How long one formula may take."""
MEMORY = 2 * 1024**3
"""How many bytes a worker may take beyond those that it holds when it is ready."""
KEPT = 512 * 1024**2
"""A worker that still holds so many bytes more than at its start, after an answer, is replaced."""
ANSWERS = 5_000
"""A worker is replaced after so many answers: whatever was kept by mistake is given back."""
START_SECONDS = 120.0
"""How long a worker may take to be ready."""
MOST_REPLY = 1 << 20
"""The longest line that a worker writes."""
LONGEST = 86_400.0
CHECKER = "verify.checking.check:answer"
WARM: tuple[dict[str, Any], ...] = (
    {"formula": r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)", "layers": [2, 3, 1]},
    {"formula": r"\frac{\partial C}{\partial w^2_{11}} = \delta^2_1", "layers": [2, 2]},
)
"""Questions whose answers nobody needs: they load what is loaded late, before the clock of a formula runs."""


@dataclass(frozen=True)
class Settings:
    """One kind of worker.

    `answer` is `module:function`, the function takes a `Question` and gives an `Answer`; `warm` are records that are
    asked before the first question; `memory`, `kept` (bytes) and `answers` are explained above.  `processes` lets the
    function start and end processes of its own, as a second reader does; they end with the worker.
    """

    answer: str = CHECKER
    memory: int = MEMORY
    kept: int = KEPT
    answers: int = ANSWERS
    warm: tuple[dict[str, Any], ...] = WARM
    processes: bool = False

    def __post_init__(self) -> None:
        """Refuse limits under which nothing can work."""
        for name in ("memory", "kept", "answers"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"`{name}` must be a whole number above 0, not {value!r}")
        if self.answer.count(":") != 1:
            raise ValueError(f"the function is named as module:function, not {self.answer!r}")

    def record(self) -> dict[str, Any]:
        """As JSON, for the worker."""
        return asdict(self)


def time_limit(seconds: Any) -> float:
    """A time limit that can be kept; raises ValueError for what is none."""
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not 0 < seconds <= LONGEST:
        raise ValueError(f"the time limit must be between 0 and {LONGEST:,.0f} seconds, not {seconds!r}")
    return float(seconds)


def load(name: str) -> Any:
    """The function that `module:function` names."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
