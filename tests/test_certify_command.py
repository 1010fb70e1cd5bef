"""`derive certify`: what it prints and how it ends, what it says about wrong input, and the commands of its guide."""

import json
import re
import subprocess
import sys

import click
import numpy as np
import pytest

from reports.certifying import command
from reports.certifying.batch import certificate
from reports.certifying.cli import certify
from reports.certifying.terminal import HEADER
from tests.doc_examples import ROOT, parsed, written
from verify.engine.core import Engine

FILES, EXAMPLES = parsed((ROOT / "docs" / "certifying.md").read_text())
RIDGE = r"f = \lVert X w - y \rVert^2 + \lambda \lVert w \rVert^2"
NUMBER = re.compile(r"(?<![\w^])-?\d[\d.,]*(?:e[+-]?\d+)?")


def derive_certify(capsys, *arguments, **context):
    """(exit code, standard output, standard error) of the command, in this process."""
    try:
        code = certify.main(list(arguments), prog_name="derive certify", standalone_mode=False, **context)
    except click.ClickException as error:
        print(error.format_message(), file=sys.stderr)
        code = 2
    out, err = capsys.readouterr()
    return code, out, err


def masked(lines):
    """Without the figures, which rounding may change, and without the spaces that depend on them."""
    return [" ".join(NUMBER.sub("#", line).split()) for line in lines if line.strip()]


def test_a_network_is_certified_in_both_kinds_of_float(capsys):
    code, out, err = derive_certify(capsys, "--layers", "2,3,1", "--dtype", "float64,float32")
    assert (code, err) == (0, "")
    assert out.startswith(
        "2-3-1 · sigmoid · half squared error · bias separate\ndrawn at random: w², w³, b², b³, a¹, y\n"
    )
    assert out.count("15 of 15 gradients are right to at least") == 2
    assert [line.split()[0] for line in out.split("\n") if line.endswith("   right")] == 2 * [
        "w²", "b²", "w³", "b³", "a¹", "loss",
    ]  # fmt: skip
    assert out.count("   ".join(HEADER[:2])) == 2


def test_definitions_are_certified_at_random_and_given_sizes(capsys):
    code, out, err = derive_certify(capsys, "-g", RIDGE, "--shape", "X=7,4", "--wrt", "w,X", "--dtype", "float32")
    assert (code, err) == (0, "") and "f by w, X" in out and "32 of 32 gradients are right" in out
    code, out, err = derive_certify(capsys, "-g", RIDGE, "--json")
    record = json.loads(out)
    assert (code, err) == (0, "") and record["holds"] and sorted(record["sizes"].values()) == [2, 3]
    assert sorted(record["values"]) == ["X", r"\lambda", "w", "y"] == sorted(record["drawn"])


def test_numbers_of_a_file_and_an_unknown_loss(capsys, tmp_path):
    at = tmp_path / "values.json"
    at.write_text(json.dumps({"X": [[1.0, 2.0], [3.0, 4.0]], "upstream": {"Y": [[1.0, 0.0], [0.0, 1.0]]}}))
    shapes = ("--shape", "X=n,d", "--shape", "W=d,m")
    code, out, _ = derive_certify(capsys, "-g", "Y = X W", *shapes, "--at", str(at), "--json")
    assert code == 2 and out == ""  # m is drawn as 3 or 4, and upstream says 2
    code, out, _ = derive_certify(
        capsys, "-g", "Y = X W", "--shape", "X=n,2", "--shape", "W=2,2", "--at", str(at), "--json"
    )
    record = json.loads(out)
    assert code == 0 and record["drawn"] == ["W"] and record["certificates"][0]["loss"] is None


def test_gradients_of_another_program(capsys, tmp_path):
    (tmp_path / "at.json").write_text('{"x": [1, 2, 3], "y": [1, 1, 1]}')
    (tmp_path / "good.json").write_text('{"x": [2, 4, 6], "loss": 14}')
    (tmp_path / "bad.json").write_text('{"x": [2, 4, 6.000006], "loss": 14.1}')
    common = ("-g", r"f = \sum_i x_i^2 y_i", "--at", str(tmp_path / "at.json"), "--gradients")
    assert derive_certify(capsys, *common, str(tmp_path / "good.json"))[0] == 0
    code, out, err = derive_certify(capsys, *common, str(tmp_path / "bad.json"))
    assert code == 1 and "WRONG: x[3] is 6.00000" in out and "the loss is wrong" in out and err == ""
    code, out, err = derive_certify(capsys, *common, str(tmp_path / "bad.json"), "--quiet")
    assert (code, out) == (1, "") and "the gradient by x (float64), the loss (float64) are wrong" in err


def test_a_wrong_engine_fails_the_command(capsys, monkeypatch):
    def wrong(self, *arguments, **given):
        loss, gradients = right(self, *arguments, **given)
        gradients["W"][1] = gradients["W"][1] * np.array([1.0, 1.0, 1 + 1e-6])
        return loss, gradients

    right = Engine.__call__
    monkeypatch.setattr(Engine, "__call__", wrong)
    code, out, _ = derive_certify(capsys, "--layers", "2,3,1")
    assert code == 1 and "WRONG: w³[1, 3] is" in out and "14 of 15 gradients are right, proved" in out


def test_a_kink_is_said_and_is_no_failure(capsys, tmp_path):
    (tmp_path / "at.json").write_text('{"W": [[[1, -1], [1, 2]], [[1, 1]]], "b": [[0, 0], [0]], "x": [1, 1], "y": [1]}')
    arguments = ("--layers", "2,2,1", "--activations", "relu,linear", "--at", str(tmp_path / "at.json"))
    code, out, err = derive_certify(capsys, *arguments)
    assert (code, err) == (0, "")
    assert "no derivative here in 2" in out and "no derivative: relu(z1[j]) in a1[j] at j = 1" in out


WRONG = [
    ((), "say what is certified"),
    (("--layers", "2,3,1", "--wrt", "x"), "--wrt belongs to --given"),
    (("-g", "f = x^2", "--loss", "mse"), "--loss describes a network"),
    (("--layers", "2,x,1"), "must be a whole number"),
    (("--layers", "2,3,1", "--dtype", "float16"), "--dtype must be a list of float64, float32"),
    (("--layers", "2,3,1", "--backend", "fortran"), "--backend"),
    (("--layers", "2,3,1", "--at", "nowhere.json"), "--at: nowhere.json cannot be read"),
    (("--layers", "2,3,1", "--gradients", "nowhere.json"), "--gradients: nowhere.json cannot be read"),
    (("-g", r"f = \sum_i g(x_i)"), "define it in the text"),
    (("-g", "f = x +"), "the end where a formula goes on"),
    (("-g", r"f = \log(-x^2)"), "no random numbers were found"),
    (("-g", r"f = \sum_i x_i^2", "--at", "extra.json"), "--at gives 'z'"),
    (("-g", r"f = \sum_i x_i^2", "--at", "list.json"), "--at must hold an object"),
    (("-g", r"f = \sum_i x_i^2", "--at", "text.json"), "no numbers"),
    (("-g", r"f = \sum_i x_i^2", "--at", "endless.json"), "entry (2) of x is not finite"),
    (("-g", r"f = \sum_i x_i^2", "--gradients", "short.json"), "must have the shape"),
    (("-g", r"p = \sum_i y_i x_i", "--assume", r"\sum_i y_i = 1", "--at", "fact.json"), "do not meet what is assumed"),
]  # fmt: skip


@pytest.mark.parametrize("arguments, words", WRONG, ids=[words for _, words in WRONG])
def test_wrong_input_is_one_sentence_and_exit_code_2(capsys, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    files = {"extra": '{"z": 1}', "list": "[1]", "text": '{"x": ["a"]}', "endless": '{"x": [1, 1e999]}',
             "short": '{"x": [1]}', "fact": '{"y": [1, 2], "x": [1, 1]}'}  # fmt: skip
    for name, text in files.items():
        (tmp_path / f"{name}.json").write_text(text)
    code, out, err = derive_certify(capsys, *arguments)
    assert (code, out) == (2, "") and words in err
    assert "Traceback" not in err and len(err.strip().split("\n")) <= 3


def test_options_in_front_of_certify_count_or_are_refused(capsys):
    before = {"layers": ("--layers", "2,2")}
    code, out, _ = derive_certify(capsys, obj=before)
    assert code == 0 and out.startswith("2-2 ·")
    code, _, err = derive_certify(capsys, "--layers", "3,1", obj=before)
    assert code == 2 and "both in front of certify and behind it" in err
    code, _, err = derive_certify(capsys, "--layers", "3,1", obj={"detail": ("--detail", "full")})
    assert code == 2 and "--detail in front of certify means nothing" in err


def test_letters_are_those_of_the_notation(capsys):
    code, out, _ = derive_certify(capsys, "--layers", "2,3,1", "--notation", "ng")
    assert code == 0 and "drawn at random: W^[1], W^[2], b^[1], b^[2], a^[0], y\n" in out, out
    out = derive_certify(capsys, "--layers", "1,1,1,1,1,1", "--notation", "bishop")[1]
    assert "W⁽¹⁾, W⁽²⁾, …, W⁽⁵⁾" in out, out
    out = derive_certify(capsys, "--layers", "2,2", "--bias", "appended", "--notation", "augmented")[1]
    assert "drawn at random: W⁽⁰⁾, X⁽⁰⁾, y\n" in out, out
    for typed in (["--layers", "2,3,1", "--hessian"], ["-g", "f = x^2"]):
        code, _, err = derive_certify(capsys, *typed, "--notation", "ng")
        assert code == 2 and "--notation" in err, typed


def test_help_starts_without_sympy():
    code = (
        "import sys; from click.testing import CliRunner; from reports.certifying.cli import certify; "
        "print(CliRunner().invoke(certify, ['--help']).output, 'sympy' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--dtype" in done.stdout and done.stdout.split()[-2:] == ["False", "False"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"line {example.first}" for example in EXAMPLES])
def test_commands_of_the_guide_print_what_it_says(example, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(FILES, tmp_path)
    code, out, _ = derive_certify(capsys, *example.arguments[1:])
    assert example.arguments[0] == "certify" and code == (1 if "mine.json" in example.arguments else 0)
    if example.shown:
        assert masked(out.split("\n")) == masked(example.shown)


def test_many_numbers_are_left_out_of_the_record(capsys, monkeypatch):
    monkeypatch.setattr(command, "MOST_RECORDED", 3)
    assert json.loads(derive_certify(capsys, "--layers", "2,1", "--json")[1])["values"] is not None
    assert json.loads(derive_certify(capsys, "--layers", "2,3,1", "--json")[1])["values"] is None


@pytest.mark.parametrize("subject", [["--layers", "2,3,1"], ["--given", r"f = \sum_i \log(1 + e^{x_i})"]])
def test_hessian_vector_products_are_certified(subject, capsys):
    code, out, _ = derive_certify(capsys, *subject, "--hessian", "--json", "--dtype", "float64,float32")
    found = json.loads(out)
    assert code == 0 and found["of"] == "hessian" and found["holds"] is True
    assert all(one["digits"] >= least for one, least in zip(found["certificates"], (12, 4), strict=True))


def test_a_wrong_product_is_found(capsys, tmp_path):
    """f = x², V = 3: the product is 6, and nothing near it."""
    (tmp_path / "at.json").write_text('{"x": 5, "Vx": 3}')
    for product, code in ((6, 0), (6.00001, 1), (-6, 1)):
        (tmp_path / "mine.json").write_text(json.dumps({"x": product}))
        typed = ("--at", str(tmp_path / "at.json"), "--gradients", str(tmp_path / "mine.json"))
        assert derive_certify(capsys, "--given", "f = x^2", "--hessian", *typed, "--quiet")[0] == code


@pytest.mark.parametrize(
    ("typed", "said"), [([], "2 certified: 1 right, 1 without a certificate\n"), (["--quiet"], "")]
)
def test_a_batch_says_how_many_are_right(typed, said, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.certifying.batch._found", lambda read, jobs, scheduler: map(certificate, records))
    records = [{"given": ["f = x^2"]}, {"layers": 2}]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(one) + "\n" for one in records))
    code, out, err = derive_certify(capsys, "--batch", str(source), "--output", str(tmp_path / "out.jsonl"), *typed)
    assert (code, out, err) == (1, said, "")
