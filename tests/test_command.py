"""The `derive` command: what it writes, what it says about wrong input, and that a wrong gradient fails it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from derive.tables.notations import NOTATIONS
from reports import cli
from reports.cli import main
from verify.engine.core import Engine

ROOT = Path(__file__).resolve().parent.parent


def derive(capsys, *arguments):
    """(exit code, standard output, standard error) of the command, in this process."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    out, err = capsys.readouterr()
    return stop.value.code or 0, out, err


def test_the_first_command_of_the_readme(capsys, tmp_path):
    code, out, err = derive(capsys, "--layers", "2,3,1", "--output", str(tmp_path), "--pdf-engine", "typst")
    assert (code, err) == (0, "")
    assert "δ² = (w³)ᵀ δ³ ⊙ σ′(z²)   ∂C/∂b² = δ²   ∂C/∂w² = δ² (a¹)ᵀ" in out
    assert "each rechecked for every width" in out
    assert "15 of 15 gradients are right" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["derivation.pdf", "derivation.tex"]
    assert (tmp_path / "derivation.pdf").read_bytes().startswith(b"%PDF")


def test_the_same_input_gives_the_same_bytes(capsys, tmp_path):
    contents = []
    for name in ("one", "two"):
        arguments = ("--layers", "2,2", "--output", str(tmp_path / name), "--pdf-engine", "typst", "--quiet")
        assert derive(capsys, *arguments, "--format", "pdf,tex,json")[0] == 0
        contents.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert contents[0] == contents[1]
    assert len(contents[0]) == 3


def test_json_for_programs(capsys, tmp_path):
    code, out, _ = derive(capsys, "--layers", "2,3,1", "--json", "--format", "json", "--output", str(tmp_path))
    data = json.loads(out)
    assert code == 0
    assert data["checks"]["holds"] is True
    assert data["checks"]["steps_rechecked"] == len(data["steps"])
    assert [one["of"] for one in data["gradients"]][:3] == ["delta", "W", "b"]
    file = json.loads((tmp_path / "derivation.json").read_text())
    assert {**file, "files": data["files"]} == data


WRONG = [
    (["--layers", "2"], "--layers must name at least two widths, the input's and the output's, such as 2,1; got '2'"),
    (["--layers", "2,0,1"], "entry 2 of layers must be between 1 and 10,000,000 neurons, not 0"),
    (["--layers", "2,x"], "entry 2 of --layers must be a whole number of neurons, or b for a bias only, not 'x'"),
    (["--layers", "2,3,1.5"], "entry 3 of --layers must be a whole number of neurons, or b for a bias only, not '1.5'"),
    (["--layers", ",".join(["2"] * 90_000)], "at most 1,000 weight layers are derived at once; got 89,999"),
    (["--layers", ",".join(["2"] * 1_000_000)], "--layers is 1,999,999 characters long; at most 200,000 are read"),
    (["--layers", "2,1", "--activations", "sigmiod"], "unknown activation 'sigmiod'; did you mean 'sigmoid'?"),
    (["--layers", "2,1", "--loss", "mse2"], "unknown loss 'mse2'; did you mean 'mse'?"),
    (["--layers", "2,1", "--activations", "elu:alpha=x"], "the constant 'alpha' of elu must be a number"),
    (["--layers", "2,1", "--activations", "elu:alpha=1_0"], "the constant 'alpha' of elu must be a number"),
    (["--layers", "2,1", "--activations", "elu:alpha=1e300"], "must be 0 or between 1e-12 and 1e+12 in size"),
    (["--layers", "2,1", "--activations", "elu:alpha=1:alpha=2"], "the constant 'alpha' of elu is given twice"),
    (["--layers", "1000000,1000000"], "at most 20,000,000 weights are computed with"),
    (
        ["--layers", "2,1", "--at", "/dev/zero"],
        "--at needs a JSON file with numbers, and /dev/zero is no ordinary file",
    ),
    (["--layers", "2,1", "--at", "."], "--at needs a JSON file with numbers, and . is a folder"),
    (["--layers", "2,1", "--format", "doc"], "--format must be a list of pdf, tex, html, md, ipynb, json, not 'doc'"),
    (["--layers", "2,1", "--notation", "mine"], "'mine' is not one of 'nielsen', 'ng'"),
    (["--layers", "2,1", "--pdf-engine", "word"], "unknown PDF engine 'word'"),
    (["--layers", "2,1", "--pdf-engine", "typts", "--format", "json"], "did you mean 'typst'?"),
    (["--layers", "2,1", "--seed", "-1"], "-1 is not in the range x>=0"),
    (["--layers", "2,1", "--at", "/nowhere.json"], "--at: /nowhere.json cannot be read: No such file or directory"),
    (["--layers", "2,1", "--output", "/proc/here"], "cannot write to /proc/here"),
    (["--layers", "2,1", "--colour"], "No such option"),
    ([], "Missing option '--layers'"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_input_is_one_sentence_and_exit_code_2(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = derive(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("derive: ")
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON at line 1, column 2: expecting property name"),
        ("\N{LATIN SMALL LETTER Y WITH DIAERESIS}", "is not JSON at line 1, column 1"),
        ("[" + "9" * 5000 + "]", "is not JSON that is read here: exceeds the limit"),
        ("[1]", "a point must be an object with the keys W, b, x, y, constants, not a list"),
        ('{"x": [1, 2, 3]}', "x must"),
        ('{"x": [1, NaN]}', "finite"),
        ('{"x": [1, true]}', "x"),
        ('{"q": 1}', "q"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_broken_file_of_values(text, message, capsys, tmp_path):
    path = tmp_path / "values.json"
    path.write_text(text)
    code, _, err = derive(capsys, "--layers", "2,1", "--at", str(path), "--output", str(tmp_path))
    assert code == 2
    assert message in err
    assert err.count("\n") == 1


def test_values_from_a_file(capsys, tmp_path):
    path = tmp_path / "values.json"
    path.write_text('{"W": [[[0.5, -1]]], "b": [[0.25]], "x": [1, 2], "y": [1]}')
    code, out, _ = derive(capsys, "--layers", "2,1", "--at", str(path), "--json", "--format", "json",
                          "--output", str(tmp_path))  # fmt: skip
    assert code == 0
    a = 1 / (1 + np.exp(1.25))
    assert json.loads(out)["example"]["loss"] == pytest.approx(0.5 * (1 - a) ** 2)


@pytest.mark.parametrize(("role", "layer", "place"), [("W", 0, (1, 0)), ("b", 1, (0,)), ("W", 1, (0, 2))])
def test_a_gradient_that_is_wrong_by_a_millionth_fails_the_command(role, layer, place, capsys, tmp_path, monkeypatch):
    truth = Engine.__call__

    def lying(self, *arguments, **options):
        loss, gradients = truth(self, *arguments, **options)
        gradients[role][layer][place] *= 1 + 1e-6
        return loss, gradients

    monkeypatch.setattr(Engine, "__call__", lying)
    code, out, _ = derive(capsys, "--layers", "2,3,1", "--output", str(tmp_path), "--format", "json")
    assert code == 1
    assert "WRONG" in out


def test_a_kink_is_said(capsys, tmp_path):
    path = tmp_path / "values.json"
    path.write_text('{"W": [[[0, 0], [1, 1]], [[1, 1]]], "b": [[0, 0], [0]], "x": [1, 2], "y": [1]}')
    code, out, _ = derive(capsys, "--layers", "2,2,1", "--activations", "relu,linear", "--at", str(path),
                          "--output", str(tmp_path), "--format", "json")  # fmt: skip
    assert code == 0
    assert "no derivative here" in out
    assert "kink: " in out


def test_a_loss_that_the_output_can_leave_is_warned_about(capsys, tmp_path):
    code, out, _ = derive(capsys, "--layers", "2,1", "--activations", "linear", "--loss", "binary-cross-entropy",
                          "--output", str(tmp_path), "--format", "json")  # fmt: skip
    assert code == 0
    assert "warning: binary cross-entropy is defined only for outputs above 0 and below 1" in out


@pytest.mark.parametrize("layers", ["784,b,10", "3,b,b,2"])
def test_layers_with_only_a_bias(layers, capsys, tmp_path):
    code, out, _ = derive(capsys, "--layers", layers, "--output", str(tmp_path), "--format", "tex", "--seed", "3")
    assert code == 0
    assert "WRONG" not in out


def test_help_does_not_import_sympy():
    program = "import sys; from reports.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n" \
              "sys.exit('sympy' in sys.modules or 'numpy' in sys.modules)"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "--layers" in done.stdout


def test_an_interrupted_command_leaves_no_half_file(tmp_path):
    command = [sys.executable, "-m", "reports.cli", "--layers", "200,200,200,10", "--output", str(tmp_path / "out")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.2)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 130)
    assert err in ("", "derive: interrupted; no file was left half written\n")
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*")}
    assert set(files) in (set(), {"derivation.pdf", "derivation.tex"})
    if files:
        assert files["derivation.pdf"].rstrip().endswith(b"%%EOF")
        assert files["derivation.tex"].rstrip().endswith(b"\\end{document}")


def test_the_command_knows_every_notation():
    assert set(NOTATIONS) == set(cli.NOTATIONS)
