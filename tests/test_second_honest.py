"""`derive hessian`: differences that rounding spoils accuse nobody, a wrong product is found, files are named whole."""

from __future__ import annotations

import json

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.second import HessianVector
from reports.cli import main
from reports.second import numbers
from verify.programs.reading import program_read


def second(line):
    return HessianVector(Derivation(program_read((line,), {}, ("x",), ()).program))


@pytest.mark.parametrize("line", ["f = 10^{9} x + x^2", "f = 10^{-9} x^2 + x", "f = x^3 + 10^{6} x"])
def test_a_slope_far_larger_than_the_curvature_makes_no_product_wrong(line):
    assert all(row.right for row in numbers.compared(second(line), 0))


@pytest.mark.parametrize("factor", [1 + 1e-4, -1.0, 0.0])
def test_a_product_that_is_wrong_is_found(monkeypatch, factor):
    true = numbers.Engine

    class Lying(true):
        def __call__(self, *given, **more):
            loss, found = super().__call__(*given, **more)
            return loss, {name: np.asarray(one) * (factor if "Vx" in given[0] else 1) for name, one in found.items()}

    monkeypatch.setattr(numbers, "Engine", Lying)
    assert not any(row.right for row in numbers.compared(second("f = x^3 + x"), 0))


def test_files_are_named_with_their_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["hessian", "--layers", "2,1", "--format", "json", "--output", "there"])
    assert end.value.code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "there/hessian.json"
    assert json.loads((tmp_path / "there" / "hessian.json").read_text())["checks"]["holds"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--layers", "2,1", "hessian", "--format", "json"], 0, ""),
        (["--expand", "hessian", "--layers", "2,1"], 2, "--expand in front of hessian means nothing to it"),
        (["--layers", "2,1", "hessian", "--layers", "2,2"], 2, "--layers stands both in front of hessian and behind"),
        (["hessian", "--given", "f = \\foo x", "--wrt", "x"], 2, "f = \\foo x\n"),
    ],
)  # fmt: skip
def test_options_in_front_count_or_are_refused_and_mistakes_are_pointed_at(tmp_path, capsys, monkeypatch, arguments,
                                                                          code, said):  # fmt: skip
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert (end.value.code, said in capsys.readouterr().err) == (code, True)
