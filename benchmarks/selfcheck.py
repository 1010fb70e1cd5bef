"""Has the chapters of some seventy networks check themselves: `python -m benchmarks.selfcheck [1/2] [WORD …]`.

Every activation and loss, all notations and details, biases in some layers, layers with only biases, constants with and
without values.  Prints a line for each network, what failed below it, and ends with 1 where something did.  `1/2` does
the first half of the networks, words those whose names contain one of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import Any

from derive import Derivation, Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from reports.chapter import chapter
from reports.selfcheck.report import SelfCheck, checked
from reports.selfcheck.subjects import of_network
from verify.examination import examine
from verify.oracles import Point

OUTPUTS = dict.fromkeys(("cross-entropy", "nll", "kl"), "softmax")
OUTPUTS |= dict.fromkeys(("binary-cross-entropy", "msle"), "sigmoid")
OUTPUTS |= dict.fromkeys(("mae", "l1", "mape", "hinge", "huber"), "linear")
"""An output that suits a loss; tanh suits the others."""

NOTATIONS = ("nielsen", "ng", "goodfellow", "bishop")


@dataclass(frozen=True)
class Case:
    """A network, and how its chapter is told."""

    name: str
    network: dict[str, Any] = field(hash=False)
    notation: str = "nielsen"
    detail: str = "standard"


def only(activation: Any) -> dict[str, Any]:
    """A layer with only biases."""
    return {"bias_only": True, "activation": activation}


def cases() -> Iterator[Case]:
    """All networks of the sweep."""
    turn = cycle(NOTATIONS)
    for name in ACTIVATIONS:
        yield Case(f"hidden {name}", {"layers": [2, 3, 2], "activations": [name, "sigmoid"]}, next(turn))
        yield Case(f"output {name}", {"layers": [2, 2], "activations": name, "loss": "mse"}, next(turn), "full")
    for name in LOSSES:
        activations = ["tanh", OUTPUTS.get(name, "tanh")]
        yield Case(f"loss {name}", {"layers": [2, 2, 2], "activations": activations, "loss": name}, next(turn))
        appended = {"layers": [2, 2], "activations": activations[1], "loss": name, "bias": "appended"}
        yield Case(f"augmented {name}", appended, "augmented", "brief")
    for number, bias in enumerate(([True, False], [False, True], ["appended", False], ["appended", True])):
        for detail in ("standard", "full"):
            softmax = {"activations": ["tanh", "softmax"], "loss": "cross-entropy"} if detail == "full" else {}
            yield Case(f"bias {number} {detail}", {"layers": [2, 3, 2], "bias": bias, **softmax}, next(turn), detail)
    yield from _uneven()
    yield from _others()


def _uneven() -> Iterator[Case]:
    """Layers with only biases, and biases in some layers beside activations with constants."""
    yield Case("only biases, first", {"layers": [3, only("tanh"), 2]}, "nielsen", "full")
    yield Case("only biases, wide", {"layers": [784, only("tanh"), 10]})
    yield Case("only biases, all", {"layers": [2, only("tanh"), only("sigmoid")]}, "ng", "brief")
    yield Case("only biases, last", {"layers": [2, 3, only("tanh")], "loss": "mse"}, "bishop")
    yield Case("only biases, softmax", {"layers": [3, only("softmax"), 2], "loss": "mse"})
    cusped = {"layers": [2, only("leaky-relu"), 2], "activations": "elu", "loss": "huber"}
    yield Case("only biases, kinks", cusped, "goodfellow")
    rows = (("leaky-relu", "half-squared-error"), ("logistic", "half-squared-error"), ("elu", "huber"),
            ("gelu", "hinge"), ("silu", "mape"))  # fmt: skip
    for (name, loss), notation in zip(rows, cycle(NOTATIONS), strict=False):
        activations = [name, OUTPUTS.get(loss, name)]
        network = {"layers": [2, 3, 2], "activations": activations, "loss": loss, "bias": [False, True]}
        yield Case(f"no first bias, {name}", network, notation)


def _others() -> Iterator[Case]:
    """Constants with values, depth, width."""
    yield Case("constant alpha", {"layers": [2, 3, 1], "activations": {"name": "leaky-relu", "alpha": 0.1}})
    valued = {"layers": [2, 3, 1], "activations": {"name": "elu", "alpha": 1}, "bias": [True, False]}
    yield Case("constant one", valued, "ng")
    yield Case("constants", {"layers": [2, 3, 1], "activations": {"name": "logistic", "L": 2, "k": 0.5}}, "ng")
    several = [{"name": "elu", "alpha": 0.5}, {"name": "elu", "alpha": 2}]
    yield Case("constants that differ", {"layers": [2, 3, 2], "activations": several}, "bishop")
    kinks = {"layers": [2, 3, 2], "activations": ["elu", "leaky-relu"], "loss": "huber", "bias": "appended"}
    yield Case("augmented kinks", kinks, "augmented", "full")
    yield Case("digits", {"layers": [784, 30, 10]})
    yield Case("deep", {"layers": [5] * 6 + [1], "activations": "tanh"}, "bishop", "brief")
    mixed = {"layers": [2, 3, 3, 1], "activations": ["relu", "tanh", "sigmoid"], "bias": False}
    yield Case("without biases", mixed, "goodfellow", "full")


def told(case: Case) -> SelfCheck:
    """What the chapter of a network finds in itself."""
    derivation = Derivation(Network(**case.network))
    found = examine(derivation, Point.random(derivation.network, 1))
    subject = of_network(derivation, case.notation, found.point)
    return checked(chapter(found, case.notation, detail=case.detail), subject)


def chosen(words: Sequence[str]) -> Iterator[Case]:
    """The networks that the arguments name."""
    part, whole = 1, 1
    if words and "/" in words[0]:
        part, whole = map(int, words[0].split("/"))
        words = words[1:]
    for number, case in enumerate(cases()):
        if number % whole == part - 1 and (not words or any(word in case.name for word in words)):
            yield case


def main(words: Sequence[str]) -> int:
    """Checks them one by one."""
    failed = 0
    for case in chosen(words):
        start = perf_counter()
        found = told(case)
        counts = f"{len(found.claims)} claims, {len(found.definitions)} definitions, {len(found.numbers)} numbers"
        took = f"{perf_counter() - start:.1f} s"
        print(f"{case.name}, {case.notation}, {case.detail}: {counts}, {len(found.failed)} failed, {took}", flush=True)
        for one in dict.fromkeys(found.failed):
            print(f"    {one.kind}: {one.text}: {one.found}", flush=True)
        failed += len(found.failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
