#!/usr/bin/env python3
"""Starts Backproof where there is only Python: makes a virtual environment, installs what is missing, runs a command.

    python3 run.py derive --layers 2,3,1      derive, prove, check, and print a network's gradients
    python3 run.py test                       format, types and tests, as the continuous integration runs them
    python3 run.py bench                      the benchmarks, as ratios measured in one run
    python3 run.py docs                       the documentation site, built into `site/`

Only the standard library is used here. The environment lies in `.venv` beside this file and is renewed when
`pyproject.toml` changes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

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
    problem = prepare(extra)
    if problem:
        return refuse(problem)
    return command(argv[1:])


def run_derive(rest: list[str]) -> int:
    """`derive …`, exactly as the installed console script."""
    return call("-m", "reports.cli", *rest)


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
    return call("-m", "docs.site", *rest)


COMMANDS = {
    "derive": ("", run_derive),
    "test": ("test", run_test),
    "bench": ("", run_bench),
    "docs": ("docs", run_docs),
}


def prepare(extra: str) -> str:
    """Make the environment hold what `pyproject.toml` names; return what went wrong, or an empty string."""
    stamp = VENV / f"installed-{extra or 'base'}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return ""
    print(f"preparing {VENV} (once) …", file=sys.stderr, flush=True)
    if not works(PYTHON):
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            return f"no virtual environment could be made (on Debian: apt install python3-venv): {last(made)}"
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", target]
    installed = subprocess.run(pip, capture_output=True, text=True)
    if installed.returncode:
        return f"the packages named in pyproject.toml could not be installed: {last(installed)}"
    stamp.write_text(wanted)
    return ""


def works(python: Path) -> bool:
    """Whether the environment's Python starts and has pip (a moved or half-made one does not)."""
    try:
        return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def call(*arguments: str) -> int:
    """Run the environment's Python; Ctrl-C is the child's to answer."""
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=None if arguments[1] == "reports.cli" else ROOT)
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
