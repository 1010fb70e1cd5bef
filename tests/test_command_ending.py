"""How the command ends when its output is closed or full, its input is closed, or somebody interrupts it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from reports.ending import Interrupted, ReadEnough, ended

ROOT = Path(__file__).resolve().parent.parent


def raising(error):
    """Work that ends with an error."""

    def work():
        raise error

    return work


ENDINGS = [
    (KeyboardInterrupt(), 130, "derive: interrupted; no file was left half written\n"),
    (Interrupted(), 130, "derive: interrupted; no file was left half written\n"),
    (click.Abort(), 130, "derive: interrupted; no file was left half written\n"),
    (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
    (ReadEnough(), 0, ""),
    (
        OSError(errno.ENOSPC, "No space left on device"),
        2,
        "derive: the output cannot be written: No space left on device\n",
    ),
    (click.UsageError("two\nlines"), 2, "derive: two lines\n"),
]


@pytest.mark.parametrize(("error", "code", "said"), ENDINGS)
def test_endings(error, code, said, capsys, monkeypatch):
    monkeypatch.setattr("reports.ending._forget_output", lambda: None)
    assert ended(raising(error)) == code
    assert capsys.readouterr().err == said


def test_other_errors_of_the_system_are_not_hidden():
    with pytest.raises(OSError, match="odd"):
        ended(raising(OSError(errno.EBADF, "odd")))


def shell(line):
    """(exit code, output, errors) of a line of the shell in which `derive` is the command."""
    program = f'derive() {{ "{sys.executable}" -m reports.cli "$@"; }}; {line}'
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", program], cwd=ROOT, capture_output=True, text=True, env=environment, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "code", "out", "said"),
    [
        ("derive --help | head -1; exit ${PIPESTATUS[0]}", 0, "Usage: derive [OPTIONS] [COMMAND …]\n", ""),
        ("derive --help > /dev/full", 2, "", "derive: the output cannot be written: No space left on device\n"),
        ("derive check - <&-", 2, "", "derive: there is no standard input to read a formula from\n"),
        ("derive check --batch - <&-", 2, "", "derive: there is no standard input to read a batch from\n"),
        ("derive check --no-second-reader --quiet 'a^3 = a^3' <&- >&- 2>&-", 0, "", ""),
        ("derive foo 2>&-", 2, "", ""),
    ],
)
def test_closed_and_full(line, code, out, said):
    assert shell(line) == (code, out, said)
