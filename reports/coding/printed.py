"""A derivation as one source: a header with what was derived, the function with its claims, a check."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Any

from derive.derivation import Derivation
from derive.emit.plain import plain
from derive.formula import Writer
from derive.named import Slope
from derive.symbols import Scalar, Width
from derive.tables.losses import LOSSES
from reports.coding.checking import check_source
from reports.coding.example import Example
from reports.coding.languages import Language
from verify.engine.plan.network import WEIGHT, plan_network
from verify.engine.plan.program import plan_program
from verify.engine.plan.samples import SAMPLES
from verify.engine.plan.types import Axes, Input, Plan
from verify.engine.source import arguments_of, function_name

_WIDTH = 110


def plan_of(derivation: Derivation) -> Plan:
    """The plan that is printed; where the loss is opaque, what it depends on is returned, too."""
    if derivation.layered:
        return plan_network(derivation)
    plan = plan_program(derivation)
    slopes = [one.thing for one in plan.inputs if isinstance(one.thing, Slope)]
    return replace(plan, results=(*dict.fromkeys(plan.name(one.array) for one in slopes), *plan.results))


def printed(derivation: Derivation, language: Language, example: Example, notation: str) -> str:
    """The whole source."""
    plan = plan_of(derivation)
    code = language.source(plan, notes(derivation, plan, notation))
    return "\n\n".join([_header(derivation, plan, language, notation), code.rstrip("\n") + "\n",
                        check_source(plan, language, example)])  # fmt: skip


def notes(derivation: Derivation, plan: Plan, notation: str) -> dict[str, str]:
    """The claim that each line computes, in a notation."""
    writer = Writer(derivation, notation)
    return {line.name: plain(writer.box(line.claim)) for line in plan.lines if line.claim is not None}


def _header(derivation: Derivation, plan: Plan, language: Language, notation: str) -> str:
    """What was derived, in words: a docstring."""
    words = [f"{_title(derivation)}: derived step by step, and printed for {language.title}.", "",
             f"{function_name(plan)} returns {', '.join(plan.results)}.", *_said(derivation, notation)]  # fmt: skip
    rows = [(one.name, describe(one, plan)) for one in arguments_of(plan)]
    longest = max(len(name) for name, _ in rows)
    lines = [part for one in words for part in (textwrap.wrap(one, _WIDTH) or [""])]
    return "\n".join(['"""' + lines[0], *lines[1:], "", *(f"{name:<{longest}}  {said}" for name, said in rows), '"""'])


def _title(derivation: Derivation) -> str:
    if not derivation.layered:
        target = derivation.program.target.name
        return f"The derivatives of {target} by {', '.join(one.name for one in derivation.program.wrt)}"
    network = derivation.network
    layers = " -> ".join([str(network.inputs), *(f"{one.width} ({one.activation})" for one in network.stack)])
    return f"The loss and all gradients of the network {layers} with {LOSSES[network.loss].title}"


def _said(derivation: Derivation, notation: str) -> list[str]:
    common = ["Above each line stands the claim that it computes. Run as a program, this file compares its"
              " gradients with central differences."]  # fmt: skip
    if not derivation.layered:
        return common
    return [f"The code numbers weight layers from 1; the claims are in the notation {notation!r}, for one sample. The"
            " loss and the gradients of the parameters are sums over all samples, each times weight: 1 for the sum,"
            " 1/samples for the mean.", *common]  # fmt: skip


def describe(one: Input, plan: Plan) -> str:
    """What an argument is, with its shape."""
    thing = one.thing
    if one.axes:
        said = f"shape {shape(one.axes, plan)}"
        return f"{said}, the derivative of the loss by {thing.array.name}" if isinstance(thing, Slope) else said
    if one.sort == "function":
        return "a function that is applied entry by entry"
    if isinstance(thing, Width):
        return "a whole number, the length of an axis"
    return "what each sample counts" if thing == WEIGHT else "a number"


def shape(axes: Axes, plan: Plan) -> str:
    """The shape of an array: numbers where they are known, names of widths elsewhere."""
    sizes: list[Any] = [plan.sizes.get(axis.space.size, axis.space.size) for axis in axes]
    shown = ["samples" if one == SAMPLES else plan.name(one) if isinstance(one, Width | Scalar) else str(one)
             for one in sizes]  # fmt: skip
    return f"({', '.join(shown)}{',' if len(shown) == 1 else ''})"
