"""The likely mistake in a wrong gradient: a table of suspicions, each tested on the numbers, most specific first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify.gradients import factors, inner, patterns, terms
from verify.gradients.evidence import Evidence
from verify.gradients.result import Mistake


@dataclass(frozen=True)
class Suspicion:
    """A mistake by name, and the test that gives a sentence where the numbers confirm it."""

    name: str
    test: Callable[[Evidence], str | None]


SUSPICIONS = (
    Suspicion("nothing", patterns.nothing),
    Suspicion("factor", factors.named_factor),
    Suspicion("transpose", patterns.transposed),
    Suspicion("order", patterns.moved),
    Suspicion("another", patterns.of_another),
    Suspicion("batch", patterns.of_batch),
    Suspicion("one entry", patterns.one_entry),
    Suspicion("one slice", patterns.one_slice),
    Suspicion("entrywise factor", factors.entrywise_factor),
    Suspicion("region", patterns.one_region),
    Suspicion("mask", patterns.masked),
    Suspicion("signs", patterns.signs),
    Suspicion("constant factor", factors.any_factor),
    Suspicion("small", terms.small_everywhere),
    Suspicion("term", terms.added),
    Suspicion("inner factor", inner.inner_factor),
    Suspicion("factor per slice", factors.factor_per_slice),
    Suspicion("product", inner.product),
    Suspicion("slope", terms.ratio_between),
    Suspicion("unexplained", terms.unexplained),
)


def likely(evidence: Evidence) -> Mistake | None:
    """The first suspicion that the numbers confirm; None where none does, or nothing is known to be wrong."""
    if not evidence.wrong.any():
        return None
    found = ((row.name, row.test(evidence)) for row in SUSPICIONS)
    its = "it is" if evidence.given.size == 1 else "every entry is"
    return next((Mistake(name, said.replace("every entry is", its)) for name, said in found if said), None)
