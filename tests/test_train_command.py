"""`derive train`: what it prints, writes and refuses; Ctrl-C; a start without anything heavy."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import click
import numpy as np
import pytest

from derive.network import Network
from reports.training import cli, options
from reports.training.cli import train
from verify.engine.backends import BACKENDS
from verify.oracles import Point
from verify.training import idx, load_parameters, of_arrays
from verify.training.initial import CHOICES
from verify.training.rules import OPTIMISERS
from verify.training.scaling import SCALINGS
from verify.training.schedules import SCHEDULES

ROOT = Path(__file__).resolve().parent.parent
GROUP = """
import sys
import reports.cli as cli
from reports.training.cli import train
cli.command.add_command(train)
cli.main(sys.argv[1:])
"""


@pytest.fixture
def flowers(tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"{x:.3f},{y:.3f},{('rose', 'lily', 'daisy')[kind]}" for kind in range(3)
            for x, y in rng.normal(size=(20, 2)) * 0.3 + [[0, 0], [2, 0], [0, 2]][kind]]  # fmt: skip
    (tmp_path / "flowers.csv").write_text("length,width,kind\n" + "\n".join(rows) + "\n")
    return tmp_path


def ran(folder, *arguments):
    """The exit code of the command, run in this process in a folder."""
    with chdir(folder):
        try:
            return train.main([*arguments], prog_name="derive train", standalone_mode=False)
        except click.ClickException as error:
            return error.format_message()


USUAL = ("--layers", "2,6,3", "--data", "flowers.csv", "--epochs", "6")


def test_it_says_what_it_does_line_by_line_and_writes_a_report(flowers, capsys):
    assert ran(flowers, *USUAL, "--pdf-engine", "typst") == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[:3] == [
        "2-6-3 · tanh, softmax · cross-entropy · bias separate",
        "flowers.csv: 48 samples to learn from, 12 held out, 3 classes; min-max",
        "adam with rate 0.01 · beta_1 0.9 · beta_2 0.999 · epsilon 1e-08 · batches of 10 · seed 0",
    ]
    assert [line.split()[:2] for line in lines[4:10]] == [["epoch", str(number)] for number in range(1, 7)]
    assert all(line.endswith(" / 12 right") for line in lines[4:10])
    assert " of 12 held-out samples right, " in lines[11]
    assert (flowers / "training.pdf").read_bytes().startswith(b"%PDF")
    source = (flowers / "training.tex").read_text()
    for part in (r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g", r"\theta \leftarrow \theta - \frac{\eta \hat{m}}",
                 "Kingma and Ba", "lily", "What it gets wrong"):  # fmt: skip
        assert part in source


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_has_its_report(flowers, name):
    assert ran(flowers, *USUAL[:4], "--epochs", "2", "--optimiser", name, "--weight-decay", "0.001", "--format", "tex",
               "--schedule", ",".join(SCHEDULES), "--quiet") == 0  # fmt: skip
    source = (flowers / "training.tex").read_text()
    assert r"\theta \leftarrow" in source
    assert r"\eta = \eta_{0}" in source
    assert source.isascii()


def test_numbers_and_single_outputs_have_theirs_too(tmp_path):
    (tmp_path / "line.csv").write_text("x,y\n" + "".join(f"{n},{2 * n + 1}\n" for n in range(30)))
    assert ran(tmp_path, "--layers", "1,1", "--data", "line.csv", "--format", "tex", "--quiet", "--epochs", "2",
               "--optimiser", "sgd", "--scale", "none", "--rate", "1e-4") == 0  # fmt: skip
    assert "What it gets wrong" not in (tmp_path / "training.tex").read_text()


def test_the_report_comes_in_every_format(flowers):
    assert ran(flowers, *USUAL, "--format", "tex,html,md,json", "--quiet") == 0
    assert {"training.tex", "training.html", "training.md", "training.json"} <= {one.name for one in flowers.iterdir()}
    page = (flowers / "training.html").read_text()
    assert "<svg" in page
    assert "Kingma and Ba" in page


def test_one_json_object_says_everything(flowers, capsys):
    assert ran(flowers, *USUAL, "--json", "--format", "json", "--save", "net.npz") == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["epoch"] for row in found["epochs"]] == [1, 2, 3, 4, 5, 6]
    assert found["update"][0]["text"] == "m ← β₁ m + (1 − β₁) g"
    assert found["data"]["classes"] == ["daisy", "lily", "rose"]
    assert found["right"] == found["epochs"][-1]["right"]
    assert found.pop("files") == ["training.json", "net.npz"]
    assert found == json.loads((flowers / "training.json").read_text())


def test_parameters_are_saved_for_programs_and_for_derive(flowers):
    network = Network([2, 6, 3], ["tanh", "softmax"], "cross-entropy")
    for name in ("net.npz", "net.json"):
        assert ran(flowers, *USUAL, "--save", name, "--quiet", "--format", "none") == 0
    params, header = load_parameters(flowers / "net.npz")
    point = Point.from_json(network, json.loads((flowers / "net.json").read_text()))
    for one, other in zip(params["W"], point.W, strict=True):
        np.testing.assert_array_equal(one, other)
    assert header["plan"]["optimiser"] == "adam"
    assert sorted(one.name for one in flowers.iterdir()) == ["flowers.csv", "net.json", "net.npz"]


def test_a_checkpoint_goes_on(flowers, capsys):
    assert ran(flowers, *USUAL, "--format", "none", "--json") == 0
    whole = json.loads(capsys.readouterr().out)
    kept = (*USUAL[:4], "--checkpoint", "run.npz", "--format", "none", "--json")
    assert ran(flowers, *kept, "--epochs", "2") == 0
    assert ran(flowers, *kept, "--epochs", "6") == 2
    assert "derive: run.npz exists; add --resume to go on from it" in capsys.readouterr().err
    assert ran(flowers, *kept, "--epochs", "6", "--resume") == 0
    assert json.loads(capsys.readouterr().out) == whole
    assert ran(flowers, *kept, "--epochs", "6", "--resume", "--rate", "0.5") == 2
    assert "trained with another rate: 0.01, not 0.5" in capsys.readouterr().err


REFUSED = [
    (("--data", "none.csv"), "derive: there is no file 'none.csv'; data are digits, a CSV file"),
    (("--layers", "3,6,3"), "flowers.csv has 2 inputs a sample, and the network 3; let --layers begin with 2"),
    (("--layers", "2,6,4"), "flowers.csv has 3 classes, and the network 4 outputs; let --layers end with 3"),
    (("--layers", "2"), "--layers must name at least two widths"),
    (("--layers", "2,x,3"), "entry 2 of --layers must be a whole number of neurons"),
    (("--activations", "tanh,tanh,tanh"), "activations must be one for all or one for each of the 2 weight layers"),
    (("--loss", "hinge", "--activations", "tanh,softmax", "--target", "length"), "2.001|holds"),
    (("--rate", "0"), "rate must be a number above 0, not 0"),
    (("--rate", "nan"), "rate must be a number above 0, not nan"),
    (("--set", "beta"), "--set must be a name and a number, as in beta=0.95, not 'beta'"),
    (("--set", "beta=0.9"), "adam has the settings beta_1, beta_2, epsilon, weight_decay, not 'beta'"),
    (("--set", "epsilon=1", "--set", "epsilon=2"), "--set gives 'epsilon' twice"),
    (("--set", "weight-decay=1", "--weight-decay", "1"), "the weight decay is given twice"),
    (("--schedule", "cosine:floor=x"), "the constant 'floor' of cosine must be a number"),
    (("--schedule", "cosinus"), "unknown schedule 'cosinus'; did you mean 'cosine'"),
    (("--held-out", "1.5"), "the share that is held out must be between 0 and 1, not 1.5"),
    (("--target", "colour"), "has no column 'colour'"),
    (("--resume",), "there is nothing to resume without a checkpoint file"),
    (("--save", "net.pt"), "--save must name a file that ends in .npz or .json, not 'net.pt'"),
    (("--save", "none/net.npz"), "--save: there is no folder none"),
    (("--format", "docx"), "--format must be a list of pdf, tex, |not 'docx'"),
    (("--labels", "flowers.csv"), "flowers.csv is no IDX file"),
]


@pytest.mark.parametrize(("changed", "said"), REFUSED)
def test_wrong_input_is_one_sentence_and_leaves_nothing_behind(flowers, capsys, changed, said):
    assert ran(flowers, *USUAL, *changed) == 2
    error = capsys.readouterr().err
    assert error.startswith("derive: ")
    assert error.count("\n") == 1
    assert any(part in error for part in said.split("|"))
    assert [one.name for one in flowers.iterdir()] == ["flowers.csv"]


def test_a_rate_far_too_large_is_said_and_fails(flowers, capsys):
    arguments = ("--optimiser", "sgd", "--rate", "1e9", "--activations", "relu,linear", "--loss", "half-squared-error")
    assert ran(flowers, *USUAL, *arguments, "--quiet") == 1
    assert "): try a smaller rate, such as 1e+08 instead of 1e+09, and inputs that are" in capsys.readouterr().err
    assert [one.name for one in flowers.iterdir()] == ["flowers.csv"]


CHOSEN = [
    ("2,6,3", None, None, options.CLASSES, ["tanh", "softmax"], "cross-entropy"),
    ("2,6,5,3", "relu", None, options.CLASSES, ["relu", "relu", "softmax"], "cross-entropy"),
    ("2,6,3", "sigmoid,sigmoid", None, options.CLASSES, ["sigmoid", "sigmoid"], "binary-cross-entropy"),
    ("2,6,3", "sigmoid", "half-squared-error", options.CLASSES, ["sigmoid", "sigmoid"], "half-squared-error"),
    ("2,6,3", None, "hinge", options.CLASSES, ["tanh", "linear"], "hinge"),
    ("2,3", None, None, options.CLASSES, ["softmax"], "cross-entropy"),
    ("2,3", "softmax", None, options.CLASSES, ["softmax"], "cross-entropy"),
    ("2,1", None, None, options.TWO, ["sigmoid"], "binary-cross-entropy"),
    ("2,4,1", None, None, options.NUMBERS, ["tanh", "linear"], "half-squared-error"),
    ("2,4,1", "leaky-relu:alpha=0.1", "mae", options.NUMBERS, ["leaky-relu", "linear"], "mae"),
]


@pytest.mark.parametrize(("layers", "activations", "loss", "task", "wanted", "with_loss"), CHOSEN)
def test_what_is_not_said_suits_the_data(layers, activations, loss, task, wanted, with_loss):
    found = options.network(layers, activations, loss, "separate", task)
    assert ([layer.activation for layer in found.stack], found.loss) == (wanted, with_loss)


def test_what_the_data_ask_for():
    x = np.zeros((4, 1))
    assert options.task(of_arrays(x, list("abca")), 3) is options.CLASSES
    assert options.task(of_arrays(x, list("abba")), 1) is options.TWO
    assert options.task(of_arrays(x, [0.0, 1.0, 1.0, 0.0]), 1) is options.TWO
    assert options.task(of_arrays(x, [0.0, 0.0, 0.0, 0.0]), 1) is options.NUMBERS
    assert options.task(of_arrays(x, [0.0, 0.5, 1.0, 0.0]), 1) is options.NUMBERS


def test_the_choices_of_the_command_line_are_the_rows_of_the_tables():
    assert tuple(OPTIMISERS) == cli.OPTIMISERS
    assert tuple(SCALINGS) == cli.SCALINGS
    assert CHOICES == cli.INITIALS
    assert (*BACKENDS, "auto") == cli.BACKENDS
    schedule = next(one for one in train.params if one.name == "schedule")
    assert all(name in schedule.help for name in SCHEDULES)
    assert callable(idx.folder)


def python(*arguments, **more):
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, **more)  # fmt: skip


def test_help_starts_without_anything_heavy():
    program = GROUP.replace("cli.main(sys.argv[1:])", """
try:
    cli.main(["train", "--help"])
except SystemExit as end:
    print(end.code, sorted({"numpy", "sympy", "rich", "sklearn"} & set(sys.modules)))
""")  # fmt: skip
    with python("-c", program) as process:
        said, error = process.communicate()
    assert said.rstrip().endswith("0 []"), error
    assert "--optimiser" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--layers", "2,6,3", "train", "--data", "flowers.csv", "--epochs", "1", "--format", "none"), ""),
        (("--layers", "2,6,3", "train", *USUAL, "--layers", "2,5,3"), "--layers stands both in front of train"),
        (("--expand", "train", *USUAL), "--expand in front of train means nothing to it; leave it out"),
        (("train",), "Missing option '--layers'."),
    ],
)  # fmt: skip
def test_options_in_front_of_train_count_or_are_refused(flowers, arguments, said):
    with python("-c", GROUP, *arguments, cwd=flowers) as process:
        _, error = process.communicate()
    assert process.returncode == (2 if said else 0), error
    assert said in error


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_being_interrupted_saves_and_exits_130(flowers, kind):
    arguments = (*USUAL[:4], "--epochs", "100000", "--format", "none", "--checkpoint", "run.npz")
    with python("-c", GROUP, "train", *arguments, cwd=flowers) as process:
        while not process.stdout.readline().startswith("epoch   3"):
            pass
        process.send_signal(kind)
        error = process.communicate()[1]
    assert process.returncode == 130
    assert error.startswith("derive: interrupted in epoch ")
    assert error.endswith(" steps; kept in run.npz, go on with --resume\n")
    with python("-c", GROUP, "train", *arguments, "--resume", cwd=flowers) as process:
        for line in process.stdout:
            if line.startswith("epoch"):
                break
        process.send_signal(kind)
        process.communicate()
    assert int(line.split()[1]) >= int(error.split("epoch ")[1].split(",")[0])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--activations", "tan"), "unknown activation 'tan'; did you mean 'tanh'?"),
        (("--loss", "cross"), "unknown loss 'cross'"),
    ],
)
def test_a_misspelt_name_is_refused_while_options_are_read(flowers, changed, said):
    assert said in ran(flowers, *USUAL, *changed)
    assert [one.name for one in flowers.iterdir()] == ["flowers.csv"]
