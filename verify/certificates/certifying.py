"""Certifies gradients: for each computed float, how many digits are right, proved by balls around the true gradient.

    certify(program, {"X": X, "w": w, "y": y}, {"w": dw})
    certify(network, point, gradients, dtype="float32", loss=loss)

The truth is the gradient at exactly the floats that were given (rounded to float32 first where that is the dtype).  It
is computed from the definitions alone: nothing of a derivation is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from flint import ctx

from derive.network import Network
from derive.program import Program
from verify.certificates import networks
from verify.certificates.budgets import budgets
from verify.certificates.comparing import NOTHING
from verify.certificates.enclosing import Enclosure, Setting, enclose
from verify.certificates.entries import Entries
from verify.certificates.machine import Floats
from verify.certificates.plan import Plan
from verify.certificates.result import Certificate
from verify.certificates.rows import Row, certified
from verify.certificates.rules import plan
from verify.certificates.values import found, real, sizes_of, unit
from verify.oracles.errors import PointError

Reduction = Literal["mean", "sum"]


@dataclass(frozen=True, eq=False)
class Certifier:
    """What is certified again and again: a network or a program (or a derivation of one), made ready once.

    `functions` gives a formula for each unknown function, by its letter: a function that makes a SymPy expression of
    its arguments.  `sizes` gives widths that no given array has.
    """

    what: Any
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    _plans: dict[Any, Plan] = field(default_factory=dict, repr=False)

    @cached_property
    def subject(self) -> Network | Program:
        """The network, or the program."""
        of = getattr(self.what, "of", self.what)
        if isinstance(of, Network):
            return of
        program = getattr(self.what, "program", of)  # a derivation knows by what its program is differentiated
        if isinstance(program, Program):
            return program
        raise TypeError(f"a network, a program or a derivation is certified, not {type(self.what).__name__}")

    def truth(
        self,
        values: Any,
        dtype: str = "float64",
        upstream: Mapping[str, Any] | None = None,
        reduction: Reduction = "mean",
    ) -> Truth:
        """The enclosure of the loss and of every gradient at these values.

        Raises `PointError` for values that do not fit, `DomainError` where the loss has no value, `NotCertified` for
        what has no enclosure.
        """
        subject = self.subject
        if isinstance(subject, Network):
            return self._of_network(subject, values, dtype, reduction)
        return self._of_program(subject, values, dtype, upstream or {})

    def _of_network(self, network: Network, values: Any, dtype: str, reduction: Reduction) -> Truth:
        if reduction not in ("mean", "sum"):
            raise PointError(f"reduction must be mean or sum, not {reduction!r}")
        bits, held = unit(dtype), networks.values(network, values, dtype)
        if "network" not in self._plans:
            self._plans["network"] = plan(network.program, network.sizes)
        made = self._plans["network"]
        samples = tuple(_by_slot(made, held.of(number), {}) for number in range(held.samples))
        weight = (1, held.samples if reduction == "mean" else 1)
        varying = frozenset(leaf.slot for leaf in made.leaves if leaf.name in ("x", "y"))
        setting = Setting(made, samples, weight, varying, held.single, bits, NOTHING[bits])
        return Truth(enclose(setting), dtype, network, held)

    def _of_program(self, program: Program, values: Any, dtype: str, upstream: Mapping[str, Any]) -> Truth:
        bits = unit(dtype)
        given = {one.name: found("values", values, one.name, dtype) for one in program.inputs}
        sizes = sizes_of(program, given, self.sizes)
        key = tuple(sorted((str(width), size) for width, size in sizes.items()))
        if key not in self._plans:
            self._plans[key] = plan(program, sizes, self.functions)
        made = self._plans[key]
        above = {leaf.name: _upstream(upstream, leaf.name, leaf.shape, dtype)
                 for leaf in made.leaves if leaf.kind == "upstream"}  # fmt: skip
        setting = Setting(made, (_by_slot(made, given, above),), unit=bits, least=NOTHING[bits])
        return Truth(enclose(setting), dtype, program)


@dataclass(frozen=True, eq=False)
class Truth:
    """The true loss and gradients at a point, as balls: `enclosure`; by whom they are certified: `certify`."""

    enclosure: Enclosure
    dtype: str
    subject: Network | Program
    held: networks.NetworkValues | None = None

    @property
    def gradients(self) -> dict[str, Floats]:
        """The true gradients by letter, each entry the float64 next to it; of a batch's x with a row a sample."""
        return {name: _floats(one) for name, one in self.enclosure.gradients.items()}

    @property
    def loss(self) -> float | None:
        """The float64 next to the true loss; None where a program does not say what it is."""
        return None if self.enclosure.loss is None else float(self.enclosure.loss)

    def certify(
        self, gradients: Mapping[str, Any], loss: float | None = None, worst: int = 3, digits: int = 20
    ) -> Certificate:
        """How right computed gradients are; `worst` entries of each array are listed, their true values to `digits`.

        Raises `PointError` where a gradient is missing or has another shape.
        """
        computed = self._computed(gradients)
        with ctx.workprec(self.enclosure.bits):
            rows = [certified(self.enclosure, name, value, self.dtype, worst, digits)
                    for name, value in computed.items()]  # fmt: skip
            last = self._loss(loss, digits)
            if any(row.suspects for row in (*rows, *last)):
                allowed = budgets(self.enclosure.setting)
                rows = [row.judged(allowed.gradients[row.name]) for row in rows]
                last = [row.judged(allowed.loss) for row in last]
            listed = tuple(row.certificate() for row in rows)
            whole = last[0].certificate() if last else None
            return Certificate(self.dtype, listed, whole, self.enclosure.bits, self.enclosure.kinks)

    def _computed(self, gradients: Mapping[str, Any]) -> dict[str, Floats]:
        if self.held is not None and isinstance(self.subject, Network):
            return networks.gradients(self.subject, gradients, self.held)
        unknown = [name for name in gradients if name not in self.enclosure.gradients]
        if unknown:
            listed = ", ".join(self.enclosure.gradients)
            raise PointError(f"the gradients certified here are those by {listed}, not by {unknown[0]}")
        if not gradients:
            raise PointError(
                f"no gradient was given; certified here are those by {', '.join(self.enclosure.gradients)}"
            )
        return {name: self._shaped(name, gradients[name]) for name in self.enclosure.gradients if name in gradients}

    def _shaped(self, name: str, value: Any) -> Floats:
        array, wanted = real(f"the gradient by {name}", value), self.enclosure.gradients[name].shape
        if array.shape != wanted:
            raise PointError(f"the gradient by {name} must have the shape {wanted}, not {array.shape}")
        return array

    def _loss(self, loss: float | None, digits: int) -> list[Row]:
        """The row of the loss, where there is one."""
        if loss is None or self.enclosure.loss is None:
            return []
        given = real("the loss", loss)
        if given.shape:
            raise PointError(f"the loss must be one number, not an array of the shape {given.shape}")
        entries = Entries((), [self.enclosure.loss])
        return [certified(self.enclosure, "loss", given, self.dtype, 1, digits, entries)]


def certify(
    what: Any,
    values: Any,
    gradients: Mapping[str, Any],
    dtype: str = "float64",
    *,
    loss: float | None = None,
    upstream: Mapping[str, Any] | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    sizes: Mapping[str, int] | None = None,
    reduction: Reduction = "mean",
    worst: int = 3,
    digits: int = 20,
) -> Certificate:
    """How many digits of computed gradients are right, proved.

    `what` is a network, a program, or a derivation of one.  Of a network, `values` is a `Point`, or
    `{"W": [...], "b": [...], "x": …, "y": …, "constants": {…}}` with one sample or a batch (then `reduction` says
    whether loss and gradients are the mean or the sum), and `gradients` is `{"W": [...], "b": [...], "x": …}`, as the
    engine returns them.  Of a program both go by letter; `upstream` gives ∂L/∂Y of an opaque L(Y) by the letter of Y,
    `functions` a formula for each unknown function, `sizes` widths that no array has.

    Raises `PointError`, `DomainError` or `NotCertified`, one sentence each.
    """
    truth = Certifier(what, functions or {}, sizes or {}).truth(values, dtype, upstream, reduction)
    return truth.certify(gradients, loss, worst, digits)


def _by_slot(made: Plan, given: Mapping[str, Floats], above: Mapping[str, Floats]) -> dict[int, Floats]:
    return {leaf.slot: (above if leaf.kind == "upstream" else given)[leaf.name] for leaf in made.leaves}


def _upstream(upstream: Mapping[str, Any], name: str, shape: tuple[int, ...], dtype: str) -> Floats:
    if name not in upstream:
        raise PointError(
            f"the target depends on {name} in a way that is not known: give upstream={{{name!r}: ∂L/∂{name}}}"
        )
    array = found("upstream", upstream, name, dtype)
    if array.shape != shape:
        raise PointError(f"upstream of {name} must have the shape {shape}, not {array.shape}")
    return array


def _floats(entries: Entries) -> Floats:
    return np.array([float(ball) for block in entries.blocks() for ball in block]).reshape(entries.shape)
