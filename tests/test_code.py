"""`derive --code`: every printed source runs in a fresh process with nothing of ours, and its own check can fail."""

import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

from derive import Derivation, Network
from derive.tables.notations import NOTATIONS
from reports.cli import main
from reports.coding.example import network_example, program_example
from reports.coding.languages import LANGUAGES
from reports.coding.printed import plan_of, printed
from tests.programs import SYSTEMS

NEEDS = {"jax": "jax", "torch": "torch"}
PYTHON = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            name in NEEDS and not find_spec(NEEDS[name]), reason="no jax or no torch: pip install jax torch"
        ),
    )
    for name in LANGUAGES
]
COMMANDS = {
    "2-3-1": ["--layers", "2,3,1"],
    "a classifier": [
        "--layers", "3,4,3", "--activations", "gelu,softmax", "--loss", "cross-entropy", "--bias", "appended,separate",
    ],
    "a letter and a bias only": ["--layers", "2,b,2", "--activations", "leaky-relu,tanh", "--loss", "huber"],
    "attention": [
        "-g", r"S = \frac{Q K^T}{\sqrt{d}}", "-g", r"P = \operatorname{softmax}(S)", "-g", "O = P V", "-g", "L = L(O)",
        "--shape", "Q=n,d", "--shape", "K=m,d", "--shape", "V=m,e", "--wrt", "Q,K,V",
    ],
    "ridge": ["-g", r"f = \lVert X w - y \rVert^2 + \lambda \lVert w \rVert^2", "--wrt", r"w,\lambda"],
}  # fmt: skip


def source(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    out, err = capsys.readouterr()
    assert (end.value.code, err) == (0, "")
    return out


def run(text, tmp_path):
    """(exit code, output, complaints) of a source in a process that sees no package of ours."""
    path = tmp_path / "printed.py"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, cwd=tmp_path, check=False)
    return done.returncode, done.stdout, done.stderr


def assert_checks_itself(text, tmp_path):
    code, out, err = run(text, tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("worst relative error against central differences: ")
    assert float(out.rpartition(" ")[2]) < 1e-6


@pytest.mark.parametrize("language", PYTHON)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_printed_source_passes_its_own_check(name, language, capsys, tmp_path):
    assert_checks_itself(source(capsys, *COMMANDS[name], "--code", language), tmp_path)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler: apt-get install gcc")
@pytest.mark.parametrize("name", ["2-3-1", "a classifier", "attention"])
def test_printed_c_passes_its_own_check(name, capsys, tmp_path):
    path = tmp_path / "printed.c"
    path.write_text(source(capsys, *COMMANDS[name], "--code", "c"), encoding="utf-8")
    subprocess.run(["cc", "-O1", "-o", str(tmp_path / "printed"), str(path), "-lm"], check=True)
    done = subprocess.run([str(tmp_path / "printed")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_program_prints_as_lists_and_passes_its_own_check(name, tmp_path):
    derivation = Derivation(SYSTEMS[name].program)
    text = printed(derivation, LANGUAGES["python"], program_example(derivation, plan_of(derivation), 0), "nielsen")
    assert_checks_itself(text, tmp_path)


def test_a_large_network_checks_some_entries_of_drawn_weights(tmp_path):
    network = Network([40, 12, 3], ["tanh", "softmax"], "cross-entropy")
    derivation = Derivation(network)
    example = network_example(network, plan_of(derivation), 0)
    assert set(example.drawn) == {"W1"} and example.values["x"]
    assert_checks_itself(printed(derivation, LANGUAGES["numpy"], example, "ng"), tmp_path)


def test_the_example_of_a_file_is_taken(capsys, tmp_path):
    path = tmp_path / "values.json"
    path.write_text('{"x": [0.25, -0.5], "y": [0.75]}')
    text = source(capsys, "--layers", "2,3,1", "--at", str(path), "--code", "python")
    assert '"x": [[0.25, -0.5]],' in text and '"y": [[0.75]],' in text
    assert_checks_itself(text, tmp_path)


# The check can fail ------------------------------------------------------------------------------------------------

LIES = [
    ("delta2.T @ a1", "2*delta2.T @ a1"),
    ("weight*(a2 - y)", "weight*(y - a2)"),
    ("a1*(1 - a1)", "a1"),
    ("delta1.sum(0)", "delta1.mean(0)"),
    ("dx = delta1 @ W1", "dx = x"),
    ("dW1 = delta1.T @ x", "dW1 = delta1.T @ x * (1 + 1e-4)"),
    ("dW1 = delta1.T @ x", "dW1 = delta1.T @ x * np.nan"),
]


@pytest.mark.parametrize(("truth", "lie"), LIES)
def test_a_printed_source_with_a_mistake_fails_its_own_check(truth, lie, capsys, tmp_path):
    text = source(capsys, "--layers", "2,3,1", "--code", "numpy")
    assert text.count(truth) >= 1
    code, out, _ = run(text.replace(truth, lie), tmp_path)
    assert code == 1 and out


# What stands in it -------------------------------------------------------------------------------------------------


def test_the_header_says_what_was_derived_and_the_claims_stand_above_their_lines(capsys):
    text = source(capsys, *COMMANDS["a classifier"], "--notation", "ng", "--code", "numpy")
    assert text.startswith(
        '"""The loss and all gradients of the network 3 -> 4 (gelu) -> 3 (softmax) with cross-entropy'
    )
    assert "\nW1      shape (4, 3)\n" in text and "\nx       shape (samples, 3)\n" in text
    lines = text.split("\n")
    above = lines[lines.index("    z1 = x @ W1.T + b1") - 1]
    assert above == "    # z^[1]ⱼ = Σₖ W^[1]ⱼₖ a^[0]ₖ + b^[1]ⱼ"


@pytest.mark.parametrize("notation", NOTATIONS)
def test_claims_are_written_in_every_notation(notation, capsys):
    text = source(capsys, "--layers", "2,3,1", "--notation", notation, "--code", "python")
    assert f"notation '{notation}'" in text.replace("\n", " ") and text.count("# ") > 12


def test_the_same_question_gives_the_same_bytes(capsys):
    texts = {source(capsys, *COMMANDS["attention"], "--code", "jax") for _ in range(2)}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--layers", "2,1", "--code", "fortran"], "Invalid value for '--code'"),
        (["--layers", "2,1", "--code", "c", "--json"], "--json is for reports, and --code prints one source"),
        (
            ["--layers", "2,1", "--code", "c", "--format", "pdf"],
            "--format is for reports, and --code prints one source",
        ),
        (["--layers", "2,x", "--code", "numpy"], "--layers"),
        (["-g", "f = x^2 +", "--code", "numpy"], "derive: "),
        (["-g", "f = x^2", "--wrt", "q", "--code", "numpy"], "q"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence(arguments, message, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "") and message in err and "Traceback" not in err
