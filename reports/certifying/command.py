"""What `derive certify` does once its options are read: compute gradients, enclose the true ones, compare, show."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from numpy.linalg import LinAlgError

from derive.derivation import Derivation
from derive.emit.plain import plain
from derive.formula import Writer
from derive.linear import Letter
from derive.network import Network, SpecError
from derive.program import Program
from derive.second import HessianVector, NoSecond
from reports import options
from reports.certifying.terminal import show
from reports.certifying.values import numbers, truth
from reports.exits import exit_code
from reports.given.asked import Asked, asked
from reports.given.terminal import letter
from reports.terminal import Progress, describe
from reports.typed import Mistyped, parts
from verify.certificates import Certificate, Certifier, NotCertified, Truth
from verify.certificates.values import DTYPES, rounded
from verify.engine.backends import Missing
from verify.engine.core import Engine, NoSource
from verify.oracles import Point
from verify.programs.reading import program_read

MOST_RECORDED = 100_000
MOST_LETTERS = 4  # of the layers of a role, which are named one by one
Computed = tuple[Any, Mapping[str, Any]]


@dataclass(frozen=True)
class Subject:
    """What is certified: its name in a line, its truth and its computed loss and gradients for a kind of float.

    `values` are the numbers as JSON, None where they are very many; `letter` writes a name for the terminal, of a
    gradient or of what was drawn.
    """

    title: str
    record: Mapping[str, Any]
    truth: Callable[[str], Truth]
    computed: Callable[[str], Computed]
    drawn: tuple[str, ...]
    values: Any
    letter: Callable[[str], str] = str


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 nothing wrong, 1 an entry is wrong, 2 wrong input."""
    return exit_code(lambda: _said(chosen))


def _said(chosen: dict[str, Any]) -> int:
    try:
        return _run(**chosen)
    except (NotCertified, NoSource, Missing, Mistyped) as error:
        raise SpecError(str(error)) from None
    except LinAlgError as error:
        raise SpecError(f"floats do not tell a matrix here from one without an inverse: {error}") from None


def _run(dtype: str, worst: int, digits: int, as_json: bool, quiet: bool, **chosen: Any) -> int:
    kinds = tuple(dict.fromkeys(parts(dtype, "--dtype")))
    for kind in kinds:
        if kind not in DTYPES:
            raise SpecError(f"--dtype must be a list of {', '.join(DTYPES)}, not {kind[:40]!r}")
    theirs = None if chosen["gradients"] is None else _theirs(chosen["gradients"])
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        subject = _subject(**chosen)
        found = []
        for kind in kinds:
            progress(f"certifying {kind}")
            true = subject.truth(kind)
            loss, gradients = subject.computed(kind) if theirs is None else theirs
            found.append(true.certify(gradients, loss, worst, digits))
    _shown(subject, tuple(found), as_json, quiet)
    return 0 if all(one.holds for one in found) else 1


def _shown(subject: Subject, found: tuple[Certificate, ...], as_json: bool, quiet: bool) -> None:
    if as_json:
        record = {**subject.record, "drawn": list(subject.drawn), "values": subject.values,
                  "holds": all(one.holds for one in found),
                  "certificates": [one.record() for one in found]}  # fmt: skip
        print(json.dumps(record, allow_nan=False))
    elif not quiet:
        show(subject.title, [*filter(None, map(subject.letter, subject.drawn))], found, subject.letter)
    if quiet or as_json:
        wrong = [f"the gradient by {subject.letter(row.name)} ({one.dtype})"
                 for one in found for row in one.rows if row.wrong]  # fmt: skip
        wrong += [f"the loss ({one.dtype})" for one in found if one.loss is not None and one.loss.wrong]
        if wrong:
            print(f"derive: {', '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong", file=sys.stderr)


def _theirs(path: Path) -> Computed:
    """Gradients of another program, and its loss where it says one."""
    data = options.values(path, "--gradients")
    if not isinstance(data, dict):
        raise SpecError("--gradients must hold an object with the gradient by each letter, such as W, b and x")
    return data.pop("loss", None), data


def _subject(**chosen: Any) -> Subject:
    """What is to be certified: gradients, or with `hessian` the products of the Hessian with a vector."""
    hessian = chosen.pop("hessian")
    if chosen["given"]:
        return _definitions(hessian=hessian, **chosen)
    return _network_products(**chosen) if hessian else _network(**chosen)


def _network(layers: str, activations: str, loss: str, bias: str, no_bias: bool, seed: int, at: Path | None,
             backend: str, notation: str, **others: Any) -> Subject:  # fmt: skip
    network = options.network(layers, activations, loss, "none" if no_bias else bias)
    point = Point.random(network, seed) if at is None else Point.from_json(network, options.values(at), seed)
    drawn = ("W", "b", "x", "y") if at is None else point.filled
    return replace(of_network(network, point, drawn, backend), letter=partial(_written, network, notation))


def _written(network: Network, notation: str, name: str) -> str:
    """`W1` as a notation writes the first weights, `W` as it writes those of all layers; nothing if there are none."""
    role, layer = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    if role not in ("W", "b", "x", "y"):
        return name
    arrays = {"x": [network.array("x", 0)], "y": [network.array("y", network.depth)]}.get(role)
    if arrays is None and layer:
        arrays = [network.array(role, int(layer))]
    if arrays is None:  # a bias that is appended to its weights stands with them
        apart = [n for n, one in enumerate(network.stack, 1) if role == "W" or one.bias != "appended"]
        arrays = [one for one in network.parameters if one.role == role and one.layer in apart]
    letters = [plain(Writer(network, notation).box(Letter(one))) for one in arrays]
    return ", ".join(letters if len(letters) <= MOST_LETTERS else [*letters[:2], "…", letters[-1]])


def _network_products(layers: str, activations: str, loss: str, bias: str, no_bias: bool, seed: int, at: Path | None,
                      backend: str, **others: Any) -> Subject:  # fmt: skip
    """(∇²E) V of a network: a program whose letters are W1, b1, … and the directions."""
    network = options.network(layers, activations, loss, "none" if no_bias else bias)
    record = {"network": _spec(network), "of": "hessian"}
    data = {} if at is None else options.values(at)
    return _of_program(*_products(Derivation(network)), record, data, seed, backend, f"{describe(network)} · (∇²E) V")


def _products(derivation: Derivation) -> tuple[Program, Derivation]:
    """The slope of the loss along a direction V as a program, and what an engine runs: its derivatives are (∇²E) V."""
    try:
        second = HessianVector(derivation)
        return second.program, second.runnable
    except NoSecond as error:
        raise SpecError(str(error)) from None


def of_network(network: Network, point: Point, drawn: tuple[str, ...], backend: str) -> Subject:
    """A network at a point, of which `drawn` was drawn at random."""
    certifier, derivation = Certifier(network), Derivation(network)

    def computed(kind: str) -> Computed:
        params = {"W": point.W, "b": point.b, "constants": point.constants}
        return _engine(derivation, backend, kind)(params, point.x, point.y)

    values = point.to_json() if _count(point) <= MOST_RECORDED else None
    return Subject(describe(network), {"network": _spec(network)}, lambda kind: certifier.truth(point, kind), computed,
                   drawn, values)  # fmt: skip


def _spec(network: Network) -> dict[str, Any]:
    return {
        "widths": list(network.widths), "activations": [layer.activation for layer in network.stack],
        "loss": network.loss_row.name, "bias": [layer.bias for layer in network.stack],
    }  # fmt: skip


def _count(point: Point) -> int:
    return sum(one.size for one in (*point.W, *point.b) if one is not None)


def _definitions(given: tuple[str, ...], wrt: str | None, shapes: tuple[str, ...], assume: tuple[str, ...], seed: int,
                 at: Path | None, backend: str, hessian: bool, **others: Any) -> Subject:  # fmt: skip
    data = {} if at is None else options.values(at)
    return of_definitions(asked(given, wrt, shapes, assume), data, seed, backend, hessian)


def of_definitions(question: Asked, data: Any, seed: int, backend: str, hessian: bool = False) -> Subject:
    """Definitions at the numbers of some data; what these leave out is drawn at random."""
    program = program_read(question.given, question.shapes, question.wrt, question.assumed).program
    record = {"given": list(question.given), **({"of": "hessian"} if hessian else {})}
    target, derivation = program.target.name, Derivation(program)
    named = ", ".join(letter(one.name) for one in program.wrt)
    title = f"(∇²{letter(target)}) V by {named}" if hessian else f"{letter(target)} by {named}"
    if hessian:
        program, derivation = _products(derivation)
    return _of_program(program, derivation, record, data, seed, backend, title)


def _of_program(program: Program, derivation: Derivation, record: dict[str, Any], data: Any, seed: int, backend: str,
                title: str) -> Subject:  # fmt: skip
    """A program at the numbers of some data, and a derivation of it for the engine."""
    found = numbers(program, data, seed)

    def computed(kind: str) -> Computed:
        values = {name: rounded(name, value, kind) for name, value in found.values.items()}
        above = {name: rounded(name, value, kind) for name, value in found.upstream.items()}
        return _engine(derivation, backend, kind)(values, upstream=above or None, sizes=dict(found.sizes))

    count = sum(value.size for value in found.values.values())
    recorded = {name: value.tolist() for name, value in found.values.items()} if count <= MOST_RECORDED else None
    above = {"upstream": {name: value.tolist() for name, value in found.upstream.items()}} if found.upstream else {}
    record = {**record, "sizes": dict(found.sizes), "target": program.target.name}
    sizes = ", ".join(f"{letter(name)} = {size}" for name, size in found.sizes.items())
    title = f"{title} · {sizes}" if sizes and "given" in record else title
    return Subject(title, record, lambda kind: truth(program, found, kind), computed,
                   found.drawn, None if recorded is None else {**recorded, **above}, letter)  # fmt: skip


def _engine(derivation: Derivation, backend: str, kind: str) -> Callable[..., Any]:
    try:
        return Engine(derivation, backend=backend, dtype=kind)
    except ValueError as error:
        raise SpecError(f"--backend: {error}") from None
