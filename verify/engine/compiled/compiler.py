"""The system's C compiler: found, asked for its version once, run in a folder of its own with a time limit."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify.engine.backends import Missing

TIME_LIMIT = 120.0
"""Seconds that a compilation may take."""

# No -ffast-math: infinities and what is not a number mean what they mean.  These three change rounding at most, or what
# nobody reads: errno after a function of C's library, and traps, which are off.
_EXACT = ("-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")
# -fopenmp-simd reads the `omp simd` lines only; no threads and no library come with it.
FLAGS: tuple[tuple[str, ...], ...] = (
    ("-std=c99", "-O3", "-march=native", "-fopenmp-simd", *_EXACT),
    ("-std=c99", "-O3", "-mcpu=native", "-fopenmp-simd", *_EXACT),
    ("-std=c99", "-O3", *_EXACT),
    ("-O2",),
)
"""Tried in this order: the first that the compiler takes."""


@dataclass(frozen=True)
class Compiler:
    """A command that compiles C, and what it says of itself."""

    command: tuple[str, ...]
    version: str

    def library(self, source: str, flags: Sequence[str]) -> bytes:
        """The shared library of a source.  Raises `Missing` with the compiler's first complaint."""
        with tempfile.TemporaryDirectory(prefix="backproof-") as folder:
            path, made = Path(folder) / "plan.c", Path(folder) / "plan.so"
            path.write_text(source, encoding="utf-8")
            shared = ("-dynamiclib", "-undefined", "dynamic_lookup") if platform.system() == "Darwin" else ("-shared",)
            self._run([*flags, "-fPIC", *shared, "-o", str(made), str(path), "-lm"])
            if not made.exists():
                raise Missing(f"{self.command[0]} made no library and said nothing; set CC to a C compiler")
            return made.read_bytes()

    def program(self, source: str, to: Path, flags: Sequence[str] = ("-std=c99", "-O1")) -> None:
        """A program from a source with a `main`.  Raises `Missing` with the compiler's first complaint."""
        path = to.with_suffix(".c")
        path.write_text(source, encoding="utf-8")
        self._run([*flags, "-o", str(to), str(path), "-lm"])

    def _run(self, arguments: Sequence[str]) -> None:
        command = [*self.command, *arguments]
        try:
            status, said = _finished(command, TIME_LIMIT)
        except subprocess.TimeoutExpired as stopped:
            raise Missing(f"{self.command[0]} took more than {TIME_LIMIT:g} s; use the numpy backend") from stopped
        except OSError as failed:
            raise Missing(f"{self.command[0]} does not start ({failed}); set CC to a C compiler") from failed
        if status:
            lines = [*said.splitlines(), f"exit status {status}"]
            complaint = next((one for one in lines if "error" in one), lines[0])
            raise Missing(f"{self.command[0]} did not compile the C of this plan: {complaint}; use the numpy backend")


def _finished(command: Sequence[str], limit: float) -> tuple[int, str]:
    """The exit status of a command, and what it complained of; `TimeoutExpired` once everything that it began is ended.

    A compiler's driver leaves the work to other programs, which would go on if only the driver was stopped.
    """
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, errors="replace", start_new_session=True) as running:  # fmt: skip
        try:
            _, said = running.communicate(timeout=limit)
        except BaseException:  # the time is over, or somebody interrupts: nothing may be left behind
            os.killpg(running.pid, signal.SIGKILL)
            raise
    return running.returncode, said


def compiler() -> Compiler:
    """The compiler: `$CC`, or cc, gcc or clang on the path.  Raises `Missing`."""
    return _compiler(os.environ.get("CC", ""), os.environ.get("PATH", ""))


@cache
def _compiler(chosen: str, path: str) -> Compiler:
    try:
        names = [shlex.split(chosen)] if chosen.strip() else [["cc"], ["gcc"], ["clang"]]
    except ValueError as failed:  # a quotation mark without its other one
        raise Missing(f"CC is {chosen!r}, which is no command ({failed}); set CC to a C compiler") from failed
    for command in names:
        found = shutil.which(command[0], path=path)
        if found is not None:
            return Compiler((found, *command[1:]), _version((found, *command[1:])))
    asked = f"CC is {chosen!r}, which is no program on the path" if chosen.strip() else "no cc, gcc or clang is found"
    raise Missing(f"the compiled backend needs a C compiler, and {asked}: install one (Debian: gcc), or set CC")


def _version(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, errors="replace", timeout=20)
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise Missing(f"{command[0]} does not start ({failed}); set CC to a C compiler") from failed
    return done.stdout


@cache
def machine() -> str:
    """What code for this very processor depends on."""
    parts = [platform.system(), platform.machine(), platform.processor()]
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        lines = cpu.read_text(encoding="utf-8", errors="replace").splitlines()
        keys = ("model name", "flags", "Features", "CPU part")
        parts += [next((one for one in lines if one.startswith(key)), "") for key in keys]
    else:
        parts.append(platform.node())
    return "\n".join(parts)
