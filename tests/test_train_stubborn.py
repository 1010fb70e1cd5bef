"""Training against what goes wrong: odd files, rates without bounds, forged checkpoints, two processes, full disks."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from derive.network import Network
from reports.training import command
from reports.training.cli import train as command_line
from verify.training import CheckpointError, DataError, Diverged, Plan, Training, TrainingError, checkpoint, of_arrays
from verify.training import train as keep
from verify.training.idx import samples as idx_samples
from verify.training.keeping import KIND
from verify.training.scaling import fit
from verify.training.table import samples

ROOT = Path(__file__).resolve().parent.parent
NETWORK = Network([2, 3, 2], ["tanh", "softmax"], "cross-entropy")


def some_data():
    rng = np.random.default_rng(0)
    x = rng.random((40, 2))
    return of_arrays(x, (x[:, 0] > x[:, 1]).astype(int), ["less", "more"])


def trained(path, **more):
    ours = Training(Plan(NETWORK, epochs=2, **more), some_data())
    keep(ours, path)
    return ours


# --- data ---

READ = {
    "empty-lines-first": "\n \n0.1;0.2;p\n0.3;0.4;q\n",
    "separator-in-quotes": '"u, first";"v, second";"k, third"\n0.1;0.2;p\n0.3;0.4;q\n',
    "old-line-ends": "u;v;k\r0.1;0.2;p\r0.3;0.4;q\r",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_the_separator_is_found_where_it_counts(tmp_path, text):
    (tmp_path / "a.csv").write_text(text, newline="")
    found = samples(tmp_path / "a.csv")
    assert (found.x.tolist(), found.classes) == ([[0.1, 0.2], [0.3, 0.4]], ("p", "q"))


def test_labels_too_long_for_a_float_stay_apart(tmp_path):
    (tmp_path / "a.csv").write_text("1,9007199254740992\n2,9007199254740993\n3,9007199254740992\n")
    found = samples(tmp_path / "a.csv", classes=True)
    assert (found.classes, found.y.tolist()) == (("9007199254740992", "9007199254740993"), [0, 1, 0])


def test_one_class_is_nothing_to_learn(tmp_path):
    (tmp_path / "a.csv").write_text("1,2,p\n3,4,p\n")
    with pytest.raises(DataError, match=r"every sample of a\.csv has the label 'p', so that there is nothing to learn"):
        samples(tmp_path / "a.csv")


def test_one_sample_is_not_split(tmp_path):
    one = of_arrays(np.ones((1, 2)), np.ones(1), name="lone")
    with pytest.raises(DataError, match=r"lone has 1 sample, which cannot be split with 0\.2 of them held out"):
        one.split(0.2, 0)


def test_an_idx_file_without_numbers_is_refused(tmp_path):
    for name, shape in (("x", (0, 2, 2)), ("y", (0,))):
        head = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
        (tmp_path / name).write_bytes(head)
    with pytest.raises(DataError, match="holds no numbers: its header says 0 × 2 × 2"):
        idx_samples(tmp_path / "x", tmp_path / "y")


@pytest.mark.parametrize("name", ["min-max", "standardise"])
def test_a_small_column_beside_a_large_one_is_scaled_as_if_alone(name):
    large, small = np.linspace(1.7e18, 1.8e18, 9), np.linspace(0, 1e-9, 9)
    both = fit(name, np.stack([large, small], 1))(np.stack([large, small], 1))
    assert np.allclose(both[:, 1], fit(name, small[:, None])(small[:, None])[:, 0])
    assert np.ptp(both[:, 1]) >= 1
    constant = np.full((7, 1), 0.1)
    assert np.abs(fit(name, constant)(constant)).max() < 1e-15


def test_numbers_too_large_to_scale_are_said_so():
    with pytest.raises(TrainingError, match="input 2 holds numbers too large to be scaled by min-max"):
        fit("min-max", np.array([[0.0, -1e308], [1.0, 1e308]]))


# --- rates ---


@pytest.mark.parametrize(
    "schedule", [{"name": "step", "epochs": 1, "gamma": 10**12}, {"name": "exponential", "gamma": 1e9}]
)
def test_a_schedule_that_grows_beyond_all_numbers_is_refused_at_once(schedule):
    with pytest.raises(TrainingError, match="makes the rate larger than any number; take a gamma below 1"):
        Plan(NETWORK, epochs=100, schedule=[schedule])


def test_parameters_that_are_not_finite_at_the_end_are_no_success():
    data = of_arrays(1e3 * np.ones((4, 1)), 1e3 * np.arange(4.0))
    plan = Plan(Network([1, 1], "linear"), "sgd", rate=1e306, epochs=1, batch=4, scaling="none")
    with pytest.raises(Diverged, match=r"a parameter is not finite at step 1 .epoch 1.: try a smaller rate"):
        Training(plan, data).run()


# --- checkpoints ---

HEADS = {
    "unclosed": "{'descr': '<f8', 'fortran_order': False, 'shape': (1",
    "brackets": "(" * 200,
    "long-number": "{'descr': '<f8', 'fortran_order': False, 'shape': (1L,), }\n",
    "truth-for-a-length": "{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }\n",
    "no-such-type": "{'descr': '<f1', 'fortran_order': False, 'shape': (1,), }\n",
    "words": "'" * 9,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_forged_array_is_refused_in_a_sentence(tmp_path, head):
    path = tmp_path / "run.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + b"\0" * 8)
    with pytest.raises(CheckpointError, match="is no plain array of numbers"):
        checkpoint.load(path, "kind")


FORGED = {
    "no-steps": {"steps": None},
    "negative": {"place": -1},
    "beyond-the-epoch": {"place": 10**9},
    "other-count": {"steps": 7},
    "no-history": {"history": []},
    "history-of-words": {"history": {"epochs": [{"number": 1, "rate": "x", "loss": "y"}], "samples": 40, "held": 0}},
    "infinite": {"steps": float("inf")},
}


@pytest.mark.parametrize("changed", FORGED.values(), ids=FORGED)
def test_a_forged_header_is_refused_and_changes_nothing(tmp_path, changed):
    path = tmp_path / "run.npz"
    ours = trained(path)
    header, arrays = ours.state()
    checkpoint.save(path, KIND, {**header, **changed}, arrays)
    fresh = Training(ours.plan, some_data())
    before = fresh.parameters.vector.copy()
    with pytest.raises(CheckpointError, match="does not say rightly how far the training had come; start anew"):
        keep(fresh, path, resume=True)
    assert (fresh.parameters.vector == before).all()


def test_another_network_is_named_in_few_words(tmp_path):
    path = tmp_path / "run.npz"
    trained(path)
    other = Training(Plan(Network([2, 4, 2], ["tanh", "softmax"], "cross-entropy"), epochs=2), some_data())
    with pytest.raises(CheckpointError, match=r"another network: 2-3-2 .tanh, softmax; bias separate., not 2-4-2 "):
        keep(other, path, resume=True)


def test_what_auto_picks_is_settled_and_kept():
    """So that a training that is resumed where another backend is found is refused, not continued with other bits."""
    ours = Training(Plan(NETWORK, epochs=1, backend="auto"), some_data())
    assert ours.plan.backend == ours.engine.asked != "auto"
    assert ours.state()[0]["plan"]["backend"] == ours.engine.asked


PROGRAM = """
import sys
from pathlib import Path
from tests.test_train_stubborn import NETWORK, some_data
from verify.training import Plan, Training, train
train(Training(Plan(NETWORK, epochs=2), some_data()), Path(sys.argv[1]), seconds=0,
      stop=lambda: print("in", flush=True) or not sys.stdin.readline())
"""


def test_two_processes_do_not_share_a_checkpoint_and_a_killed_one_lets_go(tmp_path):
    path = tmp_path / "run.npz"
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(path)], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as other:  # fmt: skip
        assert other.stdout.readline() == "in\n"
        with pytest.raises(CheckpointError, match=r"another process keeps its training in .*run\.npz; wait until"):
            keep(Training(Plan(NETWORK, epochs=2), some_data()), path, resume=True)
        other.kill()
    ours = Training(Plan(NETWORK, epochs=2), some_data())
    assert keep(ours, path, resume=True) and ours.over
    assert [one.name for one in tmp_path.iterdir()] == ["run.npz"]


# --- the command ---


def called(folder, *arguments):
    (folder / "a.csv").write_text("".join(f"{a},{1 - a},{'p' if a > 0.5 else 'q'}\n" for a in np.linspace(0, 1, 40)))
    usual = ["--layers", "2,3,2", "--data", str(folder / "a.csv"), "--epochs", "1"]
    return command_line.main([*usual, *arguments], standalone_mode=False)


@pytest.mark.parametrize("option", ["--output", "--save"])
def test_a_folder_that_cannot_be_written_is_refused_before_the_training(tmp_path, capsys, monkeypatch, option):
    def full(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(command, "TemporaryFile", full)
    target = tmp_path / ("new" if option == "--output" else "net.npz")
    assert called(tmp_path, option, str(target), "--format", "json" if option == "--output" else "none") == 2
    said = capsys.readouterr()
    assert "Read-only file system" in said.err and "epoch" not in said.out


def test_a_file_in_place_of_the_folder_is_refused_before_the_training(tmp_path, capsys):
    assert called(tmp_path, "--output", str(tmp_path / "a.csv"), "--format", "json") == 2
    said = capsys.readouterr()
    assert said.err.endswith("a.csv is a file\n") and "epoch" not in said.out


def test_trouble_with_the_report_does_not_lose_what_was_learned(tmp_path, capsys, monkeypatch):
    def broken(*_, **__):
        raise command.OutputError("cannot write to here: No space left on device")

    monkeypatch.setattr(command, "write_report", broken)
    assert called(tmp_path, "--output", str(tmp_path), "--format", "json", "--save", str(tmp_path / "net.npz")) == 2
    assert "No space left" in capsys.readouterr().err
    assert (tmp_path / "net.npz").exists()
