"""Certificates of many networks and definitions: JSON Lines in, a line out for each, in order, on cores or a cluster.

A record has `layers`, `activations`, `loss`, `bias` of a network, or `given`, `shapes`, `wrt`, `assume` of definitions,
and `seed`, `dtype`, `id`; a line of the output has the certificate, or one sentence that says why there is none.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from pathlib import Path
from typing import Any

from derive.equation import EquationError
from derive.network import Network, SpecError
from reports.certifying.command import Subject, of_definitions, of_network
from reports.given.asked import Asked
from reports.options import MOST_PARAMETERS
from verify.batch.cluster import NoCluster, spread
from verify.batch.output import BatchError, sink
from verify.batch.pool import cores
from verify.batch.records import Line, answer_line, lines
from verify.certificates import NotCertified
from verify.engine.backends import Missing
from verify.engine.core import NoSource
from verify.oracles import DomainError, Point, PointError
from verify.programs.reading import NotDerived

NAME = "reports.certifying.batch:certificate"
REFUSED = (SpecError, PointError, DomainError, EquationError, NotCertified, NotDerived, NoSource, Missing, TypeError,
           ValueError, RecursionError, MemoryError, ArithmeticError)  # fmt: skip
"""What a record may raise that describes nothing that can be certified."""


def certificate(record: Mapping[str, Any]) -> dict[str, Any]:
    """The certificate of one record as JSON, or its `problem` in one sentence; never raises for what a record says."""
    try:
        subject = _subject(record)
        kind = str(record.get("dtype", "float64"))
        loss, gradients = subject.computed(kind)
        return {"holds": (found := subject.truth(kind).certify(gradients, loss)).holds, **found.record()}
    except REFUSED as error:
        return {"holds": None, "problem": " ".join(str(error).split()) or type(error).__name__}


def _subject(record: Mapping[str, Any]) -> Subject:
    seed, backend = record.get("seed", 0), "numpy"
    if not isinstance(seed, int) or seed < 0:
        raise SpecError(f"`seed` must be a whole number from 0, not {seed!r:.40}")
    if "unread" in record:
        raise SpecError(record["unread"])
    if "given" in record:
        shapes = {name: tuple(sizes) for name, sizes in dict(record.get("shapes", {})).items()}
        asked = Asked(tuple(record["given"]), shapes, tuple(record.get("wrt", ())), tuple(record.get("assume", ())))
        return of_definitions(asked, {}, seed, backend)
    if "layers" not in record:
        raise SpecError("a record needs `layers` or `given`")
    network = Network(record["layers"], record.get("activations", "sigmoid"), record.get("loss", "half-squared-error"),
                      record.get("bias", True))  # fmt: skip
    widths = [one for one in network.widths if isinstance(one, int)]
    if len(widths) < len(network.widths) or sum(a * b for a, b in pairwise(widths)) > MOST_PARAMETERS:
        raise SpecError(f"`layers` must be numbers, with at most {MOST_PARAMETERS:,} weights")
    return of_network(network, Point.random(network, seed), ("W", "b", "x", "y"), backend)


def run(source: Path, target: Path, jobs: int | None, scheduler: str | None) -> int:
    """Certify every record of a file; how many hold no certificate or a wrong one.  Raises what `tally` raises."""
    found = tally(source, target, jobs, scheduler)
    return found["wrong"] + found["without a certificate"]


def tally(source: Path, target: Path, jobs: int | None, scheduler: str | None) -> dict[str, int]:
    """Certify every record of a file; how many hold, are wrong, or have no certificate.

    Raises `BatchError` where a file cannot be read or written, or no cluster answers.
    """
    counts = {"right": 0, "wrong": 0, "without a certificate": 0}
    words = {True: "right", False: "wrong", None: "without a certificate"}
    try:
        with source.open("rb") as stream:
            read = list(lines(stream))
        output = sink(target, False, None)
        for line, found in zip(read, _found(read, jobs or cores(), scheduler), strict=True):
            counts[words[found["holds"]]] += 1
            output.write(answer_line({"id": line.id, **({"line": line.number} if line.id is None else {}), **found}))
        output.finish()
    except NoCluster as error:
        raise BatchError(str(error)) from error
    except BrokenProcessPool as error:
        raise BatchError("a process was killed, perhaps for want of memory: take fewer --jobs") from error
    except OSError as error:
        raise BatchError(f"{error.filename or source}: {error.strerror or error}") from error
    return counts


def _found(read: list[Line], jobs: int, scheduler: str | None) -> Iterator[dict[str, Any]]:
    records = [{"unread": one.problem} if one.record is None else one.record for one in read]
    if scheduler is not None:
        yield from spread(NAME, records, scheduler, lambda said: {"holds": None, "problem": said})
        return
    with ProcessPoolExecutor(min(jobs, max(1, len(records))), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(certificate, records)
