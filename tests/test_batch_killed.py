"""Programs that are killed in the middle of a batch or a formula: nothing is lost, and no process is left."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batching import alive, children, until
from tests.test_batch import plain, record


def started(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.batching", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_hears_the_terminal,
        **options,
    )


def _hears_the_terminal():
    """A run under nohup ignores that its terminal closes, and so would every process that it starts."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def ended(program):
    """The exit code and the error output of a program, when it and all that it started are gone."""
    _, errors = program.communicate()
    return program.returncode, errors.decode()


DEATHS = {
    "kill -9": (signal.SIGKILL, False, -9),
    "kill": (signal.SIGTERM, False, -15),
    "the terminal closes": (signal.SIGHUP, True, -1),
    "Ctrl-C": (signal.SIGINT, True, 130),
}


@pytest.mark.parametrize("death", DEATHS)
def test_an_interrupted_batch_is_resumed_and_nobody_is_left(tmp_path, death):
    number, group, code = DEATHS[death]
    source, target, part = (tmp_path / name for name in ("in.jsonl", "out.jsonl", "out.jsonl.part"))
    formulas = ["sleep 0.004", "a", "raise_ x", "loop"]
    rows = [formulas[index % 3] for index in range(1_500)] + ["loop"]
    source.write_text("".join(record(index, formula) for index, formula in enumerate(rows)))
    program = started(source, target, "--seconds", "0.5")
    assert until(lambda: part.exists() and part.read_bytes().count(b"\n") > 200)
    helpers = children(program.pid)
    assert helpers
    (os.killpg if group else os.kill)(program.pid, number)
    returned, said = ended(program)
    assert returned == code
    assert until(lambda: not any(map(alive, helpers)))
    if death == "Ctrl-C":
        assert said.splitlines()[-1].endswith("out.jsonl.part, and --resume goes on from there")
        assert "KeyboardInterrupt" not in said
    assert not target.exists()
    kept = part.read_bytes()
    left = kept.count(b"\n")
    assert 200 < left < len(rows)
    program = started(source, target, "--resume", "--seconds", "0.5")
    assert ended(program)[0] == 0
    assert target.read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
    found = plain(target.read_bytes())
    assert [one["id"] for one in found] == [f"r{index}" for index in range(len(rows))]
    right = {"sleep 0.004": "correct", "a": "correct"}
    assert [one["verdict"] for one in found] == [right.get(formula, "undecided") for formula in rows]
    assert not part.exists()


def test_a_disk_that_fills_up_loses_nothing(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(record(index) for index in range(300)))
    returned, said = ended(started(source, target, "--most-bytes", 5_000))
    assert returned == 2
    assert said.count("\n") == 1
    assert "cannot be written: File too large; the answers so far are in" in said
    assert (tmp_path / "out.jsonl.part").stat().st_size == 5_000
    assert ended(started(source, target, "--resume"))[0] == 0
    assert len(plain(target.read_bytes())) == 300


@pytest.mark.parametrize("formula", ["loop", "loop_in_c", "sleep 100"])
def test_workers_die_with_their_parent_in_the_middle_of_a_formula(formula):
    program = started(formula, "-", "--ask", "--seconds", "100")
    assert program.stdout.readline() == b"asking\n"
    copy, *_ = others = [pid for pid in children(program.pid) if not is_worker(pid)]
    helpers = [pid for pid in children(program.pid) if is_worker(pid)]
    assert (len(others), len(helpers)) == (1, 3)
    os.kill(program.pid, signal.SIGKILL)
    assert until(lambda: not any(map(alive, helpers)))
    assert alive(copy)  # a forked copy of the parent keeps no worker alive
    os.kill(copy, signal.SIGKILL)
    assert ended(program)[0] == -9


def is_worker(pid):
    return b"verify.batch.child" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_ctrl_c_while_the_input_is_waited_for():
    program = started("-", "-")
    program.stdin.write(record(1).encode())
    program.stdin.flush()
    assert json.loads(program.stdout.readline())["id"] == "r1"
    helpers = children(program.pid)
    os.killpg(program.pid, signal.SIGINT)
    assert program.wait() == 130
    assert program.stderr.read() == b"interrupted\n"
    assert until(lambda: not any(map(alive, helpers)))
    program.communicate()


def test_a_reader_that_has_had_enough():
    program = started("-", "-")
    program.stdin.write(record(1).encode())
    program.stdin.flush()
    assert program.stdout.readline()
    helpers = children(program.pid)
    program.stdout.close()
    program.stdin.write(record(2).encode())
    program.stdin.close()
    assert b"BrokenPipeError" in program.stderr.read()
    assert program.wait() == 1
    assert until(lambda: not any(map(alive, helpers)))
    program.stderr.close()
