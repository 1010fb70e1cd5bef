"""What is seen and heard during a training: a line an epoch, a bar on a terminal, and Ctrl-C that ends it in order."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Any

from reports.training.terminal import epoch_line
from verify.training.history import Epoch, History

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Within it, Ctrl-C and being told to end set a mark that the training looks at; a second one ends at once."""

    def __init__(self) -> None:
        self.asked = False
        self.before: dict[Any, Any] = {}

    def __enter__(self) -> Stopping:
        if threading.current_thread() is threading.main_thread():
            self.before = {one: signal.signal(one, self._mark) for one in _SIGNALS}
        return self

    def _mark(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        self._give_back()

    def _give_back(self) -> None:
        for one, handler in self.before.items():
            signal.signal(one, handler)
        self.before = {}

    def __call__(self) -> bool:
        """Whether to stop."""
        return self.asked

    def __exit__(self, *error: object) -> None:
        self._give_back()


class Watch:
    """Prints a line an epoch to standard output, and on a terminal shows a bar while it lasts."""

    def __init__(self, history: History, lines: bool, bar: bool) -> None:
        self.history, self.lines = history, lines
        self.wanted = bar and sys.stderr is not None and sys.stderr.isatty()
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Watch:
        if self.wanted:
            from rich.console import Console  # here, since it is needed only where there is a terminal
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            self.bar = Progress(TextColumn("training"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
                                console=Console(stderr=True), transient=True, redirect_stderr=False,
                                redirect_stdout=sys.stdout.isatty())  # fmt: skip
            self.task = self.bar.add_task("training", total=None)
            self.bar.start()
        return self

    def step(self, done: int, total: int) -> None:
        """A step is done."""
        if self.bar is not None:
            self.bar.update(self.task, completed=done, total=total)

    def epoch(self, row: Epoch) -> None:
        """An epoch is over."""
        if self.lines:
            print(epoch_line(row, self.history), flush=True)

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()
