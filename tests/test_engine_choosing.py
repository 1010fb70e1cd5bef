"""`auto` picks the backend that the table of measurements names, among those that this machine has, and says why."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest

from derive import Derivation, Network
from verify.engine import choosing, running
from verify.engine.backends import BACKENDS, Backend, Missing
from verify.engine.choosing import FALLBACK, RANGES, Range, amount_of, because, ranges, work
from verify.engine.core import Engine
from verify.engine.plan.network import plan_network
from verify.engine.plan.samples import SAMPLES


def counted(widths: list[int], samples: int) -> int:
    """Multiply-adds of the three products of each layer: forward, by weights, by inputs."""
    return 3 * samples * sum(a * b for a, b in pairwise(widths))


def test_the_table_covers_everything_in_order() -> None:
    assert [one.most for one in RANGES] == sorted({one.most for one in RANGES}) and RANGES[-1].most == inf
    assert {one.backend for one in RANGES} <= set(BACKENDS) and FALLBACK in BACKENDS


@pytest.mark.parametrize(("widths", "samples"), [([784, 30, 10], 32), ([784, 100, 40, 10], 512), ([50, 60, 70], 8)])
def test_the_amount_of_work_is_that_of_the_products_and_a_little_more(widths: list[int], samples: int) -> None:
    network = Network(widths)
    found = work(plan_network(Derivation(network)), {**network.sizes, SAMPLES: samples})
    assert counted(widths, samples) <= found <= 1.1 * counted(widths, samples)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (999, "999"), (1_000, "1 thousand"), (2_345_678, "2.3 million"), (120_400_000, "120 million"),
     (1e9, "1 billion")],
)  # fmt: skip
def test_amounts_in_words(count: float, said: str) -> None:
    assert amount_of(count) == said


def test_the_sentence_names_the_backend_the_amount_and_where_it_leads() -> None:
    for row in RANGES:
        said = because(row, 2_300_000)
        assert said.startswith(f"{row.backend} runs about 2.3 million multiply-adds a call")
        assert (amount_of(row.most) in said) == (row.most < inf)
    assert because(RANGES[0], 5, "no C compiler").endswith("does not: no C compiler")


def test_a_backend_that_is_not_installed_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (Range(1_000, "compiled"), Range(inf, "jax"))
    monkeypatch.setattr(choosing, "RANGES", rows)
    monkeypatch.setattr(choosing, "_NEEDS", {"jax": ("a_package_that_nobody_has",)})
    found = list(ranges())
    assert [one.most for one in found] == [one.most for one in rows]
    assert found[-1].backend == FALLBACK
    assert because(found[-1], 5).endswith("since jax, which leads there, is not installed")


def test_what_cannot_be_built_falls_back_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Backend):
        def build(self, plan: object, dtype: str, threads: int | None) -> object:
            raise Missing("there is no compiler here")

    monkeypatch.setitem(running.BACKENDS, "compiled", Broken("compiled", "verify.engine.compiled.runner"))
    engine = Engine(Derivation(Network([2, 3, 1])))
    params = {"W": [np.ones((3, 2)), np.ones((1, 3))], "b": [np.zeros(3), np.zeros(1)]}
    engine(params, np.ones((4, 2)), np.ones((4, 1)))
    assert engine.backend == FALLBACK and "there is no compiler here" in engine.why


def test_the_choice_follows_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a table of its own the same engine takes one backend for a small and another for a large batch."""
    monkeypatch.setattr(choosing, "RANGES", (Range(1_000, "compiled"), Range(inf, "numpy")))
    engine = Engine(Derivation(Network([2, 3, 1])))
    params = {"W": [np.ones((3, 2)), np.ones((1, 3))], "b": [np.zeros(3), np.zeros(1)]}
    engine(params, np.ones((500, 2)), np.ones((500, 1)))
    assert engine.backend == "numpy" and "thousand multiply-adds" in engine.why
    engine(params, np.ones((1, 2)), np.ones((1, 1)))
    assert engine.backend in ("compiled", FALLBACK)  # the latter where there is no compiler
