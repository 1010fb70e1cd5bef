"""The checker itself, in its workers, with records that mean harm: an answer that the contract allows, and no more."""

import io
import json

import pytest

from tests.batching import until, workers
from tests.test_batch import plain
from verify.batch.asking import check
from verify.batch.run import run

BP2 = r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)"
HOSTILE = {
    "import": {"formula": "__import__('os').system('touch {here}/x') = 1"},
    "eval": {"formula": "eval(open('{here}/x', 'w')) = x"},
    "write18": {"formula": r"\immediate\write18{touch {here}/x} a = b"},
    "openout": {"formula": r"\newwrite\f \immediate\openout\f={here}/x a = b"},
    "input": {"formula": r"\input{/etc/passwd} = x"},
    "def": {"formula": r"\def\a{\a}\a = x_1"},
    "tower": {"formula": "9^{9^{9^{9^{9}}}} = x_1"},
    "tower of fives": {"formula": r"\frac{5^{(5^{(5^{(5^5)})}-4)}-5}{16} = x_1"},
    "high power": {"formula": "(1+x_1)^{100000000} = x_1"},
    "power of a sum": {"formula": "(1+x_1+x_2)^{500} = (1+x_2+x_1)^{501}"},
    "factorial": {"formula": "x_1 = 2004!"},
    "factorial of a power": {"formula": "(10^{10})! = x_1"},
    "10,000 brackets": {"formula": "(" * 9_990 + "x_1" + ")" * 9_990 + " = x_1"},
    "10,000 braces": {"formula": "{" * 9_990 + "x_1" + "}" * 9_990 + " = x_1"},
    "fractions": {"formula": r"\frac{1}{" * 2_000 + "x" + "}" * 2_000 + " = x"},
    "a megabyte": {"formula": "x_1+" * 250_000 + "x_1 = 0"},
    "a long sum": {"formula": "x_1+" * 4_900 + "x_1 = 0"},
    "a long chain": {"formula": "x_1 = " * 3_000 + "x_1"},
    "a long product": {"formula": "(w^2)^T" * 2_000 + " = 1"},
    "nul": {"formula": "x_1 = \0x_1"},
    "bidi": {"formula": "x_1 = \u202ex_1"},
    "surrogate": {"formula": "x_1 = \ud800"},
    "nothing": {"formula": ""},
    "only equals": {"formula": "=" * 10_000},
    "digits": {"formula": "9" * 15_000 + " = x_1"},
    "exponentials": {"formula": "e^{e^{e^{e^{x_1}}}} = 1"},
    "logarithms": {"formula": r"\log\log\log\log x_1 = 1"},
    "a long sum over k": {"formula": r"\sum_{k=1}^{1000000000} x_k = 1"},
    "a long product over k": {"formula": r"\prod_{k=1}^{100000} (x_1+k) = 1"},
    "six sums": {"formula": r"\sum_i\sum_j\sum_k\sum_l\sum_m\sum_n w^2_{ij}w^2_{kl}w^2_{mn} = 1"},
    "absurd widths": {"formula": BP2, "layers": [10_000_000] * 3},
    "200 layers": {"formula": BP2, "layers": [2] * 200},
    "200 letters": {"formula": BP2, "layers": [f"n_{number}" for number in range(200)]},
    "a width that is code": {"formula": "x_1 = x_1", "layers": ["__import__('x')", 1]},
    "wide softmax": {"formula": BP2, "layers": [1000, 1000, 1000], "activations": "softmax", "loss": "cross-entropy"},
    "recursion": {"formula": "a = 1", "given": ["a = a + 1"]},
    "recursion by two": {"formula": "a = b", "given": ["a = b", "b = a"]},
    "recursion of a function": {"formula": "f(1) = 1", "given": ["f(x) = f(x+1)"]},
    "doubling": {"formula": "a_{150} = 1", "given": [f"a_{{{n + 1}}} = a_{{{n}}} a_{{{n}}} + 1" for n in range(150)]},
    "shapes": {"formula": r"\frac{\partial L}{\partial X} = 1", "given": [r"L = \operatorname{tr}(X^{-1})"],
               "shapes": {"X": [10**6, 10**6]}},
    "definitions of nothing": {"formula": "a = b", "given": ["", " ", "="]},
    "assumptions of nothing": {"formula": "x = 1", "given": ["y = x"], "assume": ["1=2", "x<x", "", "!"]},
}  # fmt: skip


def test_records_that_mean_harm(tmp_path, capfd):
    before = set(workers())  # other tests share a pool that stays
    rows = [
        {"id": name, **asked, "formula": asked["formula"].replace("{here}", str(tmp_path))}
        for name, asked in HOSTILE.items()
    ]
    target = io.BytesIO()
    run(io.StringIO("".join(json.dumps(row) + "\n" for row in rows)), target, seconds=0.5)
    found = {one["id"]: one for one in plain(target.getvalue())}
    assert list(found) == list(HOSTILE)
    for name, one in found.items():
        assert one["verdict"] in ("correct", "incorrect", "undecided", "unreadable")
        assert one["verdict"] in ("correct", "incorrect") or one["message"], name
        assert "error of the checker" not in one.get("message", ""), (name, one["message"])
    for name in ("import", "eval", "write18", "openout", "input", "def", "nul", "bidi", "surrogate", "nothing"):
        assert found[name]["verdict"] == "unreadable", name
    for name in ("recursion", "recursion by two", "recursion of a function", "a megabyte"):
        assert found[name]["verdict"] == "unreadable", name
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []
    assert until(lambda: set(workers()) <= before)


@pytest.mark.parametrize("isolated", [True, False])
def test_a_formula_is_checked(isolated):
    right = check(BP2, layers=[3, 4, 2], notation="nielsen", id="BP2", isolated=isolated, seconds=20.0)
    assert (right.verdict, right.proof, right.id) == ("correct", "exact", "BP2")
    wrong = check(BP2.replace("= ", "= -"), layers=[3, 4, 2], notation="nielsen", isolated=isolated, seconds=20.0)
    assert (wrong.verdict, wrong.id) == ("incorrect", None)
    assert check(r"\input{x}", isolated=isolated).where == (0, 6)
