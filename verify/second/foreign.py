"""latex2sympy2 at arm's length: a process that reads one text at a time, and is ended when it takes too long.

The process is started when it is first needed, kept, and started again after it was ended.  Texts go to it and programs
come back as lines of JSON; nothing of latex2sympy2, antlr4 or SymPy is imported here.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from verify.second.program import BadProgram, Program, checked

PACKAGES = ("latex2sympy2", "antlr4", "sympy", "mpmath")
START_SECONDS = 60.0
MOST_KEPT = 5_000

LATE = "no time was left for it"
_WORKER = Path(__file__).with_name("worker.py")


class Absent(RuntimeError):
    """latex2sympy2 cannot be used here; the message says why."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the other reader makes of a text: a program, or none and the reason."""

    program: Program | None
    why: str = ""


class Worker:
    """One process.  Not safe for several threads; `close` it, or it ends with its input."""

    def __init__(self, folders: list[str], seconds: float) -> None:
        command = [sys.executable, "-I", str(_WORKER), str(seconds + 1), *folders]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.ready = self.ended = False
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        """Hands on what the process says; an empty line means that it has ended."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.ended = True
        self.lines.put(b"")

    def answer(self, seconds: float) -> dict[str, Any] | None:
        """The next answer; None where none comes in time or ever."""
        try:
            line = self.lines.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            return None
        try:
            record = json.loads(line) if line else None
        except ValueError:  # it ended within a line
            return None
        return record if isinstance(record, dict) else None

    def start(self) -> None:
        """Waits until the process can read.  Raises `Absent`."""
        if self.ready:
            return
        record = self.answer(START_SECONDS)
        if record is None or "absent" in record:
            reason = record["absent"] if record else "its process does not start"
            raise Absent(f"latex2sympy2 cannot be used: {reason}")
        self.ready = True

    def asked(self, text: str, deadline: float) -> tuple[dict[str, Any] | None, bool]:
        """The answer to a text, None where none comes until then; and whether the process is still there."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return None, False
        record = self.answer(deadline - time.monotonic())
        return record, not self.ended

    def close(self) -> None:
        """Ends the process and waits for its end."""
        self.process.kill()
        self.process.wait()
        self.thread.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                _shut(pipe)


def _shut(pipe: Any) -> None:
    """Closes a pipe; what could not be written any more to a process that has ended is lost, as it should be."""
    try:
        pipe.close()
    except OSError:
        return


class ForeignReader:
    """Reads texts with latex2sympy2, `seconds` at most for all texts of one call; may be used from any thread.

    Answers are remembered, since many formulas look alike once their quantities are placeholders.
    """

    def __init__(self, seconds: float = 2.0) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._owner = os.getpid()
        self._absent = ""
        self._left: list[Worker] = []
        self._known: OrderedDict[str, Read] = OrderedDict()

    def read(self, texts: list[str]) -> list[Read]:
        """What becomes of each text.  Raises `Absent`."""
        self._adopt()
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._known]
            found = self._read_now(missing) if missing else {}
            answers = [found[text] if text in found else self._known[text] for text in texts]
            self._remember(found)
            return answers

    def _read_now(self, texts: list[str]) -> dict[str, Read]:
        """The answers to texts that are new."""
        self._started()
        deadline = time.monotonic() + self.seconds
        found: dict[str, Read] = {}
        for text in texts:
            found[text] = self._asked(text, deadline) if time.monotonic() < deadline else Read(None, LATE)
        return found

    def _asked(self, text: str, deadline: float) -> Read:
        """One text, put to the process; one that has ended is started again, one that does not answer is ended."""
        for _ in range(2):
            try:
                record, alive = self._started().asked(text, deadline)
            except BaseException:  # an interruption must not leave an answer behind for the next question
                self._end()
                raise
            if record is not None:
                return _read(record)
            self._end()
            if alive:
                return Read(None, "latex2sympy2 does not finish it")
        return Read(None, "latex2sympy2's process ends on it")

    def _remember(self, found: dict[str, Read]) -> None:
        """Keeps answers, the last ones longest."""
        self._known.update({text: answer for text, answer in found.items() if answer.why != LATE})
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)

    def warm(self) -> None:
        """Starts the process without waiting for it."""
        self._adopt()
        with self._lock:
            self._launched()

    def close(self) -> None:
        """Ends the process; the next question starts a new one."""
        self._adopt()
        with self._lock:
            self._end()

    def __enter__(self) -> ForeignReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- the process ----------------------------------------------------------------------------------------------

    def _adopt(self) -> None:
        """Leaves a process to the one that this process was forked from; a lock may have been held in that moment."""
        if self._owner != os.getpid():
            self._left += [self._worker] if self._worker else []
            self._worker, self._lock, self._owner = None, threading.Lock(), os.getpid()

    def _launched(self) -> Worker | None:
        """The process, perhaps not yet ready; None where latex2sympy2 is known to be absent."""
        if self._worker is None and not self._absent:
            missing = [name for name in PACKAGES if _folder(name) is None]
            if missing:
                self._absent = f"latex2sympy2 cannot be used: {missing[0]} is not installed"
            else:
                folders = dict.fromkeys(str(_folder(name)) for name in PACKAGES)
                try:
                    self._worker = Worker(list(folders), self.seconds)
                except OSError as error:
                    self._absent = f"latex2sympy2 cannot be used: {error}"
        return self._worker

    def _started(self) -> Worker:
        """The process, ready.  Raises `Absent`."""
        worker = self._launched()
        if worker is None:
            raise Absent(self._absent)
        try:
            worker.start()
        except Absent as error:
            self._absent = str(error)
            self._end()
            raise
        return worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _read(record: dict[str, Any]) -> Read:
    """An answer of the process."""
    if "error" in record:
        return Read(None, f"latex2sympy2 fails on it ({record['error']})")
    try:
        return Read(checked(record.get("program")))
    except BadProgram as error:
        return Read(None, f"latex2sympy2's process answers nonsense ({error})")


def _folder(name: str) -> Path | None:
    """The folder that a package is installed in, found without importing it."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin).resolve()
    return origin.parents[1] if origin.name == "__init__.py" else origin.parent
