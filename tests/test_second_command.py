"""`derive hessian`: what it prints and writes, its exit codes, and that its help starts without SymPy."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from reports.second.cli import hessian


def run(*arguments):
    return CliRunner().invoke(hessian, arguments, standalone_mode=False)


def test_a_network_is_derived_proved_and_compared(tmp_path):
    found = run("--layers", "2,3,2", "--activations", "tanh,softmax", "--loss", "cross-entropy", "--format", "tex,json",
                "--output", str(tmp_path))  # fmt: skip
    assert found.return_value == 0
    assert "ℛ{∂C/∂w³} = ℛ{δ³} (a²)ᵀ + δ³ (ℛ{a²})ᵀ" in found.output
    assert "= diag(a³) − a³ (a³)ᵀ" in found.output
    assert "WRONG" not in found.output
    assert r"\mathcal{R}" in (tmp_path / "hessian.tex").read_text()
    assert json.loads((tmp_path / "hessian.json").read_text())["checks"]["holds"] is True


def test_definitions_are_derived_too(tmp_path):
    found = run("--given", "f = x^T A x", "--shape", "A=n,n", "--shape", "x=n", "--wrt", "x", "--json", "--quiet",
                "--format", "json", "--output", str(tmp_path))  # fmt: skip
    assert found.return_value == 0
    shown = json.loads(found.output)
    assert shown["equations"][0]["matrix"].endswith(r"= (A + A^{T}) v")
    assert shown["checks"]["parts"][0]["right"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--layers", "2,3,1", "--activations", "tanh,tanh,tanh"), "activations must be one for all"),
        (("--given", "L = L(Y)", "--shape", "Y=m,n"), "give L a formula"),
        (("--layers", "2"), "at least two widths"),
    ],
)
def test_wrong_input_is_one_sentence(tmp_path, capsys, arguments, said):
    found = run(*arguments, "--output", str(tmp_path), "--quiet")
    assert found.return_value == 2
    assert said in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_names_are_refused_before_anything_heavy_is_loaded():
    assert "unknown activation 'nope'" in str(run("--layers", "2,3,1", "--activations", "nope").exception)


def test_one_of_two_is_needed():
    assert "one of the two" in str(run().exception)


def test_help_starts_without_sympy():
    code = (
        "import sys; from click.testing import CliRunner; from reports.second.cli import hessian;"
        "r = CliRunner().invoke(hessian, ['--help']); print(r.exit_code, 'sympy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", "False"]
