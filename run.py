#!/usr/bin/env python3
"""Starts Backproof where there is only Python: makes a virtual environment, installs what is missing, runs a command.

    python3 run.py derive --layers 2,3,1      derive, prove, check, and print a network's gradients
    python3 run.py test                       format, types and tests, as the continuous integration runs them
    python3 run.py bench                      the benchmarks, as ratios measured in one run
    python3 run.py docs                       the documentation site, built into `site/`

Only the standard library is used here. The environment lies in `.venv` beside this file and is renewed when
`pyproject.toml` changes, or when the folder was moved or copied. `derive` and `docs` take paths from the folder where
they are typed, `test` and `bench` from this one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)


def main(argv: list[str]) -> int:
    """Run one command inside the environment and return its exit code."""
    if sys.version_info < OLDEST:
        return refuse(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}")
    if not argv or argv[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if argv else 2
    if argv[0] not in COMMANDS:
        return refuse(f"unknown command {argv[0]!r}; expected one of {', '.join(COMMANDS)}")
    extra, command = COMMANDS[argv[0]]
    problem = "" if ready(extra) else prepare(extra)
    if problem:
        return refuse(problem)
    return command(argv[1:])


def run_derive(rest: list[str]) -> int:
    """`derive …`, exactly as the installed console script."""
    return call("-P", "-m", "reports.cli", *rest, folder=None)


def run_test(rest: list[str]) -> int:
    """Lint, format, types, then the tests; the first failure decides the exit code."""
    if rest:
        return call("-m", "pytest", *rest)
    checks = [
        ("-m", "ruff", "check", "."),
        ("-m", "ruff", "format", "--check", "--quiet", "."),
        ("-m", "mypy"),
        ("-m", "pytest", "--numprocesses", "auto"),
    ]
    codes = [call(*check) for check in checks]
    return next((code for code in codes if code), 0)


def run_bench(rest: list[str]) -> int:
    """The benchmarks, each a ratio of two measurements of the same run."""
    return call("-m", "benchmarks", *rest)


def run_docs(rest: list[str]) -> int:
    """The documentation site: guides, reference, gallery; nothing is fetched to build it or to read it."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]  # `docs` is no part of what is installed
    return call("-P", "-m", "docs.site", *rest, folder=None, PYTHONPATH=os.pathsep.join(paths))


COMMANDS = {
    "derive": ("", run_derive),
    "test": ("test", run_test),
    "bench": ("", run_bench),
    "docs": ("docs", run_docs),
}


def prepare(extra: str) -> str:
    """Make the environment hold what `pyproject.toml` names; return what went wrong, or an empty string."""
    with alone():
        return "" if ready(extra) else made(extra)  # another process may have made it meanwhile


def ready(extra: str) -> bool:
    """Whether the environment has been made here, by this Python, and holds what `pyproject.toml` names now."""
    return PYTHON.exists() and stamp(extra).exists() and stamp(extra).read_text() == wanted()


def stamp(extra: str) -> Path:
    """The file that says for what the packages of an extra were installed."""
    return VENV / f"installed-{extra or 'base'}"


def wanted() -> str:
    """What that file says where nothing has changed since."""
    parts = ((ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def made(extra: str) -> str:
    """Make the environment where it does not work, and install into it; what went wrong, or an empty string."""
    print(f"preparing {VENV} (once) …", file=sys.stderr, flush=True)
    if not (made_here() and works(PYTHON)):
        venv = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
        if venv.returncode:
            return f"no virtual environment could be made (on Debian: apt install python3-venv): {last(venv)}"
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", target]
    installed = subprocess.run(pip, capture_output=True, text=True)
    if installed.returncode:
        return f"the packages named in pyproject.toml could not be installed: {last(installed)}"
    stamp(extra).write_text(wanted())
    return ""


def works(python: Path) -> bool:
    """Whether the environment's Python starts and has pip (a half-made one, or one whose Python is gone, does not)."""
    try:
        return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def made_here() -> bool:
    """Whether `venv` made the environment for this folder; the programs of one that was copied start the other's."""
    notes = VENV / "pyvenv.cfg"
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.is_file() else []
    commands = [line.rstrip() for line in lines if line.startswith("command = ")]
    return all(command.endswith(f" {VENV}") for command in commands)


@contextmanager
def alone() -> Iterator[None]:
    """While one process makes the environment the others wait; the lock, on this file, ends with its process."""
    with Path(__file__).open("rb") as file:
        if not locked(file):
            print(f"waiting for another run.py that prepares {VENV} …", file=sys.stderr, flush=True)
            while not locked(file):
                time.sleep(0.2)
        yield


def locked(file: BinaryIO) -> bool:
    """Whether this process has the lock now; True also where the file system has no locks, and nobody can wait."""
    try:
        if sys.platform == "win32":
            file.seek(1 << 30)  # beyond the end: the bytes that are locked cannot be read by others
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def call(*arguments: str, folder: Path | None = ROOT, **variables: str) -> int:
    """Run the environment's Python in a folder (None: that of the user); Ctrl-C is the child's to answer.

    Where the folder is the user's, `-P` keeps modules that lie there from being taken for this project's.
    """
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=folder, env={**os.environ, **variables})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def last(process: subprocess.CompletedProcess[str]) -> str:
    """The last line that a failed program printed."""
    lines = (process.stderr or process.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit code {process.returncode}"


def refuse(message: str) -> int:
    """Say in one sentence why nothing was done."""
    print(f"run.py: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
