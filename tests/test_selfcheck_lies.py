"""Small lies that a report's own check once let pass: each is found now, and the true report beside it holds."""

from dataclasses import fields, is_dataclass, replace
from functools import cache

import numpy as np
import pytest

from derive import Derivation, Network
from derive.layout import Glyph
from reports.chapter import chapter
from reports.selfcheck.asking import KINK, Asker
from reports.selfcheck.report import checked
from reports.selfcheck.statements import Statement, statements
from reports.selfcheck.subjects import of_network
from verify import check
from verify.examination import examine
from verify.oracles import Point

NETWORKS = {
    "kink": ([2, 3, 1], ["relu", "linear"]),
    "mixed": ([2, 3, 2], ["relu", "sigmoid"]),
    "tanh": ([2, 2, 1], ["tanh", "sigmoid"]),
    "saturated": ([2, 2, 1], "sigmoid"),
    "huge": ([2, 2, 1], "linear"),
    "large": ([2, 2, 1], ["tanh", "linear"]),
}
POINTS = {
    "kink": {"W": [[[1, -1], [1, 1], [2, 1]], [[1, 1, 1]]], "b": [[0, 0, 0], [0]], "x": [1, 1], "y": [0.25]},
    "saturated": {"W": [[[400, 300], [0.3, 0.2]], [[900, 1]]], "x": [1, 2]},
    "huge": {"W": [[[1e300, 1], [0.3, 0.2]], [[1, 1]]], "x": [1e-300, 2]},
    "large": {"W": [[[1e7, -1], [0.3, 0.2]], [[-1e8, 1]]], "x": [-1e-7, 2e-6]},
}


def arrays(given):
    return {
        name: np.array(one, float) if name in ("x", "y") else tuple(np.array(part, float) for part in one)
        for name, one in given.items()
    }


@cache
def reported(name):
    derivation = Derivation(Network(*NETWORKS[name], "half-squared-error"))
    point = replace(Point.random(derivation.network, 1), **arrays(POINTS.get(name, {})))
    return chapter(examine(derivation, point), "nielsen"), of_network(derivation, "nielsen", point)


@cache
def told(name):
    return checked(*reported(name))


def changed(box, before, after):
    if isinstance(box, Glyph):
        return replace(box, name=after) if box.name == before else box
    if isinstance(box, tuple):
        return tuple(changed(one, before, after) for one in box)
    if is_dataclass(box) and not isinstance(box, type):
        return replace(box, **{one.name: changed(getattr(box, one.name), before, after) for one in fields(box)})
    return box


@pytest.mark.parametrize("name", ["kink", "saturated", "huge", "large"])
def test_a_report_at_an_odd_point_holds(name):
    found = told(name)
    assert not found.failed, found.summary
    assert len(found.numbers) > 45


def test_only_what_depends_on_the_slope_at_a_kink_is_left_aside_and_named():
    found = told("kink")
    asides = [one.text for one in found.asides if one.found == KINK]
    assert asides
    entries = [one for one in asides if ": entry" in one]
    assert {one.rpartition(": ")[2] for one in entries} == {"entry 1", "entry 2"}  # of w² those of the first neuron
    assert not any("w^{3}" in one or one.startswith("C ") for one in entries)


LOSS_LIES = [("11.281", "99.281"), ("14.25", "77.25"), ("9.5", "95"), ("4.75", "8.75")]


def lying(name, before, after, only):
    """What is found wrong where a glyph is changed in every statement that has it and contains `only`."""
    document, subject = reported(name)
    asker = Asker(subject)
    true = [one for one in statements(document) if isinstance(one, Statement) and only in one.text]
    lies = [(one, changed(one, before, after)) for one in true]
    lies = [(one, lie) for one, lie in lies if lie.text != one.text]
    assert lies, "there is nothing to lie about"
    found = [[check.holds for check in asker.checks(lie)] for _, lie in lies]
    return [holds for holds in found if holds]  # a name alone says nothing


@pytest.mark.parametrize(("before", "after"), LOSS_LIES)
def test_ordinary_values_beside_a_kink_are_checked(before, after):
    found = lying("kink", before, after, before)
    assert found
    assert not any(all(holds) for holds in found)


SIGNS = [
    ("mixed", r"\approx", r"\ne", "C "),
    ("mixed", r"\approx", "<", "C "),
    ("mixed", r"\approx", "=", "C "),
    ("mixed", "=", r"\approx", "a^{1} ="),  # the input is exact
    ("mixed", "=", r"\le", "w^{2} ="),
    ("tanh", r"\tanh", r"\sigma", r"z^{2}_{1}) = \tanh"),
    ("tanh", r"\cdot", r"\odot", r"z^{2}_{1} ="),
    ("tanh", r"\cdot", r"\times", r"z^{2}_{1} ="),
    ("mixed", r"\operatorname{ReLU}", r"\sigma", r"a^{2} = \operatorname{ReLU}"),
    ("mixed", r"\operatorname{ReLU}", r"\sigma", r"\operatorname{ReLU}(u) = "),
    ("mixed", "z", "a", r"a^{2} = \operatorname{ReLU}"),
    ("huge", "300", "301", r"z^{2}_{1} ="),
    ("saturated", "434", "433", r"\cdot10^{-434}"),
]


@pytest.mark.parametrize(("name", "before", "after", "only"), SIGNS)
def test_a_changed_sign_name_or_definition_is_found(name, before, after, only):
    found = lying(name, before, after, only)
    assert found
    assert not any(all(holds) for holds in found)


@pytest.mark.parametrize(("bound", "verdict"), [("1", "correct"), ("2", "incorrect")])
def test_a_condition_may_begin_with_the_word_of_a_function(bound, verdict):
    near = rf"a^3 - y & \text{{if }}\operatorname{{abs}}(a^3 - y) < {bound}"
    cases = rf"{near} \\ \operatorname{{sign}}(a^3 - y) & \text{{otherwise}}"
    formula = rf"\delta^3 = \left(\begin{{cases}} {cases} \end{{cases}}\right) \odot \sigma'(z^3)"
    assert check(formula, layers=[2, 2, 2], loss="huber").verdict == verdict


def test_powers_of_ten_have_a_dot_between_them():
    document, _ = reported("huge")
    (line,) = {one.text for one in statements(document) if r"10^{300}" in one.text and "z^{2}_{1}" in one.text}
    assert r"1\cdot10^{300} \cdot 1\cdot10^{-300}" in line


def test_what_a_saturated_neuron_gives_is_not_said_to_be_exact():
    document, _ = reported("saturated")
    shown = {one.text for one in statements(document) if one.text.startswith(r"a^{2}_{1} = \sigma(z")}
    assert shown == {r"a^{2}_{1} = \sigma(z^{2}_{1}) = \sigma(999.2) \approx 1.0000"}
