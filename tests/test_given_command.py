"""`derive --given`: what it prints and writes, and what it says about wrong input."""

import json
import runpy

import numpy as np
import pytest

from reports.cli import main
from verify.engine.core import Engine

RIDGE = r"f = \lVert X w - y \rVert^2 + \lambda \lVert w \rVert^2"
ATTENTION = ("-g", r"S = \frac{Q K^T}{\sqrt{d}}", "-g", r"P = \operatorname{softmax}(S)", "-g", "O = P V")


def derive(capsys, *arguments):
    """(exit code, standard output, standard error) of the command, in this process."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    out, err = capsys.readouterr()
    return stop.value.code or 0, out, err


def test_files_are_written_and_said(capsys, tmp_path):
    code, out, err = derive(
        capsys,
        "-g",
        RIDGE,
        "--wrt",
        "w",
        "--output",
        str(tmp_path),
        "--pdf-engine",
        "typst",
        "--format",
        "pdf,tex,json",
    )
    assert (code, err) == (0, "")
    assert "∂f/∂w = 2(λ w + Xᵀ(X w − y))" in out
    assert "sizes: X n×m, w m, y n" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["derivation.json", "derivation.pdf", "derivation.tex"]
    assert (tmp_path / "derivation.pdf").read_bytes().startswith(b"%PDF")
    source = (tmp_path / "derivation.tex").read_text()
    assert source.isascii() and r"X^{T}(X w - y)" in source
    assert "What is given" in source and "The derivation" in source and "The result" in source


def test_every_step_stands_in_the_document_with_its_reason(capsys, tmp_path):
    code, out, _ = derive(capsys, *ATTENTION, "--json", "--format", "tex", "--output", str(tmp_path))
    data = json.loads(out)
    source = (tmp_path / "derivation.tex").read_text()
    assert code == 0
    assert data["checks"]["holds"] is True
    assert data["checks"]["steps_rechecked"] == len(data["steps"])
    assert source.count("chain rule: one term for each quantity that it feeds") == sum(
        step["rule"] == "chain-rule" for step in data["steps"]
    )
    assert [one["of"] for one in data["gradients"]] == ["Q", "K", "d", "V"]
    assert data["gradients"][3]["matrix"] == r"\frac{\partial L}{\partial V} = P^{T} \frac{\partial L}{\partial O}"


def test_the_program_of_the_record_runs_alone_and_is_right(capsys, tmp_path):
    _, out, _ = derive(capsys, "-g", RIDGE, "--wrt", "w", "--json", "--format", "json", "--output", str(tmp_path))
    data = json.loads(out)
    path = tmp_path / "engine.py"
    path.write_text(data["program"])
    point = {
        name.strip("\\").replace("lambda", "lambda"): np.array(value) for name, value in data["checks"]["point"].items()
    }
    run = runpy.run_path(str(path))["loss_and_gradients"]
    arguments = {name if name != "lambda" else "lambda_": value for name, value in point.items()}
    value, gradient = run(**arguments)
    off = point["X"] @ point["w"] - point["y"]
    assert value == pytest.approx(off @ off + point["lambda"] * point["w"] @ point["w"])
    np.testing.assert_allclose(gradient, 2 * point["X"].T @ off + 2 * point["lambda"] * point["w"], rtol=1e-12)


def test_the_same_input_gives_the_same_bytes(capsys, tmp_path):
    contents = []
    for name in ("one", "two"):
        arguments = ("-g", RIDGE, "--output", str(tmp_path / name), "--format", "tex,json", "--quiet")
        assert derive(capsys, *arguments) == (0, "", "")
        contents.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert contents[0] == contents[1] and len(contents[0]) == 2


def test_a_file_with_comments_shapes_and_facts(capsys, tmp_path):
    path = tmp_path / "loss.txt"
    path.write_text(
        "% a softmax with cross-entropy\n"
        "P = \\operatorname{softmax}(X W)  % derive: shape X n d, W d m\n"
        "L = -\\sum_{i j} T_{i j} \\log P_{i j}\n"
        "% derive: assume \\sum_j T_{i j} = 1\n"
    )
    code, out, _ = derive(capsys, "--given", str(path), "--wrt", "W", "--format", "json", "--output", str(tmp_path))
    assert code == 0
    assert "given: Σⱼ Tᵢⱼ = 1" in out
    assert "∂L/∂W = Xᵀ(P − T)" in out


def test_a_wrong_gradient_fails_the_command(capsys, tmp_path, monkeypatch):
    honest = Engine.__call__

    def lying(self, *arguments, **named):
        loss, gradients = honest(self, *arguments, **named)
        return loss, {name: value * 1.001 for name, value in gradients.items()}

    monkeypatch.setattr(Engine, "__call__", lying)
    code, out, err = derive(capsys, "-g", RIDGE, "--wrt", "w", "--format", "json", "--output", str(tmp_path))
    assert code == 1
    assert "WRONG" in out
    assert err == "derive: a check failed: the gradient by w is wrong\n"


def test_what_does_not_depend_says_so(capsys, tmp_path):
    code, out, err = derive(
        capsys, "-g", "f = x^2", "-g", "g = f + c", "--wrt", "x,f", "--format", "tex", "--output", str(tmp_path)
    )
    assert (code, err) == (0, "")
    assert "∂g/∂x = 2 x" in out and "∂g/∂f = 1" in out


WRONG = [
    (["-g", "f = \\prod_i x_i"], "a product over an index is not derived; its logarithm is a sum"),
    (["-g", "f = x^2", "--wrt", "y"], "y does not occur; there are f, x"),
    (["-g", "f = x^2", "--wrt", "x y"], "x y is no letter to differentiate by"),
    (["-g", "f = 9^{9^{9^9}}"], "powers above 1000 are not derived"),
    (["-g", r"f = \frac{x}{0}"], "this is no real number, or divides by zero"),
    (["-g", r"f = \sqrt{-1} x"], "this is no real number, or divides by zero"),
    (["-g", "f = x^2", "--shape", "x"], "--shape is a name and its sizes, as in W=m,n, not 'x'"),
    (["-g", "f = x^2", "--layers", "2,1"], "--layers describes a network, and --given definitions: one of the two"),
    (["--layers", "2,1", "--wrt", "x"], "--wrt belongs to --given"),
    (["-g", "/nowhere.txt"], "/nowhere.txt cannot be read: No such file or directory"),
    (["-g", "f = x^2", "--format", "doc"], "--format must be a list of pdf, tex, html, md, ipynb, json, not 'doc'"),
    (["-g", "f = x +"], "the end where a formula goes on or begins"),
    (["-g", "f = " + "(" * 5000 + "x" + ")" * 5000], "deep"),
    (["-g", "f = g(f)"], "f is defined by itself"),
    (["-g", "f = x^2", "--wrt", "f"], "f is what is differentiated, not what by"),
    (["-g", "f = 2"], "f is a constant: there is nothing to differentiate by"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_input_is_one_sentence_and_exit_code_2(capsys, tmp_path, arguments, message):
    code, out, err = derive(capsys, *arguments, "--output", str(tmp_path))
    assert (code, out) == (2, "")
    assert err.startswith("derive: ") and message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_every_notation_writes_its_pages(capsys, tmp_path):
    for notation in ("nielsen", "goodfellow"):
        folder = tmp_path / notation
        code, _, err = derive(capsys, "-g", RIDGE, "--notation", notation, "--format", "tex", "--output", str(folder))
        assert (code, err) == (0, "")
        assert "lambda" in (folder / "derivation.tex").read_text()


def test_a_step_that_says_nothing_is_not_printed(capsys, tmp_path):
    code, _, err = derive(capsys, "-g", "y = W x", "-g", "L = L(y)", "--shape", "W=m,n", "--shape", "x=n", "--output",
                          str(tmp_path), "--format", "md")  # fmt: skip
    assert code == 0, err
    text = (tmp_path / "derivation.md").read_text()
    sides = [line.split(" = ") for line in text.splitlines() if line.startswith(r"\frac{\partial L}")]
    assert sides and all(side[0] != side[1].partition(r" \tag")[0] for side in sides if len(side) == 2)
