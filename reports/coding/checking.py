"""The part of a printed source that runs when it is run: its gradients against central differences."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from derive.functions import Unknown
from derive.named import Slope
from reports.coding.example import Example
from reports.coding.languages import Language
from verify.engine.plan.types import Input, Plan
from verify.engine.source import arguments_of, function_name

MOST_WRONG = 1e-5  # relative to the largest entry; central differences leave about 1e-9
_WIDE = 110
_LETTERS = "uvwpqrs"
_TEXT = '''\
def places(value, at=()):
    """Every place in nested lists."""
    if not isinstance(value, list):
        return [at]
    return [place for n, one in enumerate(value) for place in places(one, (*at, n))]


def entry_at(value, at):
    """What stands at a place."""
    return entry_at(value[at[0]], at[1:]) if at else value


def moved(value, at, step):
    """A copy with one entry changed."""
    if not at:
        return value + step
    return [moved(one, at[1:], step) if n == at[0] else one for n, one in enumerate(value)]


def results(example):
    """What the function returns at an example, as nested lists."""
    given = {name: ARGUMENT for name, one in example.items()}
    found = CALL
    return [RESULT for one in found]


def value(example):
    """The number whose derivatives were derived."""
    found = results(example)
    return VALUE


def worst_error(example, gradients, step=1e-5):
    """The largest difference between gradients and central differences, relative to the largest entry of each."""
    worst = 0.0
    for name, gradient in gradients.items():
        all_places = places(example[name])
        chosen = all_places[:: 1 + len(all_places)//25]  # of a large array some entries, evenly spread
        for at in chosen:
            ends = [value({**example, name: moved(example[name], at, sign*step)}) for sign in (1, -1)]
            slope = (ends[0] - ends[1])/(2*step)
            largest = max(abs(entry_at(gradient, one)) for one in all_places)
            error = abs(slope - entry_at(gradient, at))/(max(largest, abs(slope)) or 1.0)
            if error != error:  # not a number
                return error
            worst = max(worst, error)
    return worst
'''


def check_source(plan: Plan, language: Language, example: Example) -> str:
    """The functions of the check and the lines that call it; the exit code is 1 where it fails."""
    names = _gradients(plan)
    opaque = [one for one in plan.inputs if isinstance(one.thing, Slope)]
    call = f"{function_name(plan)}(**given{''.join(f', {one.name}={one.name}' for one in _functions(plan))})"
    value = " + ".join(_product(plan, one) for one in opaque) or "found[0]"
    text = (
        _TEXT.replace("ARGUMENT", language.convert.format("one"))
        .replace("CALL", f"[{call}]" if len(plan.results) == 1 else call)
        .replace("RESULT", language.listed.format("one"))
        .replace("VALUE", value)
    )
    main = [*([language.before] if language.before else []), *_example(example)]
    pairs = ", ".join(f'"{name}": found[{place}]' for name, place in names.items())
    main += ["found = results(example)", f"error = worst_error(example, {{{pairs}}})"]
    main += ['print(f"worst relative error against central differences: {error:.1e}")']
    main += [f"raise SystemExit(0 if error < {MOST_WRONG:g} else 1)"]
    stand_ins = [_stand_in(one, language) for one in _functions(plan)]
    whole = "\n".join(["", "", "", 'if __name__ == "__main__":', indent("\n".join(main), "    "), ""])
    return "\n\n".join([*stand_ins, text.rstrip("\n") + whole])


def _gradients(plan: Plan) -> dict[str, int]:
    """The arguments by which there are derivatives, with the place of each among the results."""
    names = {getattr(one.thing, "of", one.thing): one.name for one in plan.inputs}
    found = {}
    for line in plan.lines:
        by = getattr(line.claim.lhs, "denominator", None) if line.claim is not None else None
        variable = getattr(by, "base", by)
        if by is not None and variable in names and line.name in plan.results:
            found[names[variable]] = plan.results.index(line.name)
    return found


def _functions(plan: Plan) -> list[Input]:
    return [one for one in arguments_of(plan) if one.sort == "function"]


def _product(plan: Plan, slope: Input) -> str:
    """Σ ∂L/∂Y · Y: what an opaque L stands for."""
    place = plan.results.index(plan.name(slope.thing.array))
    return (f"sum(entry_at(found[{place}], at)*entry_at(example[\"{slope.name}\"], at)"
            f" for at in places(found[{place}]))")  # fmt: skip


def _stand_in(one: Input, language: Language) -> str:
    """What an unknown function stands for in the check: sin(u + 2v + …), or a derivative of it."""
    assert issubclass(one.thing, Unknown)
    orders = one.thing.orders
    letters = _LETTERS[: len(orders)]
    inner = " + ".join(letter if n == 1 else f"{n}*{letter}" for n, letter in enumerate(letters, 1))
    factor = 1
    for n, order in enumerate(orders, 1):
        factor *= n**order
    turned = f"{inner} + {sum(orders)}*{3.141592653589793!r}/2" if sum(orders) else inner
    value = f"{language.sine}({turned})" if factor == 1 else f"{factor}*{language.sine}({turned})"
    return f'def {one.name}({", ".join(letters)}):\n    """Stands for an unknown function."""\n    return {value}\n'


def _example(example: Example) -> Iterator[str]:
    """The values, literal where they are few."""
    if example.drawn:
        yield "import random"
        yield "draw = random.Random(0).uniform"
    yield "example = {"
    for name, value in example.values.items():
        line = f'    "{name}": {value!r},'
        if len(line) > _WIDE and isinstance(value, list) and isinstance(value[0], list):
            yield f'    "{name}": ['
            yield from (f"        {row!r}," for row in value)
            yield "    ],"
        else:
            yield line
    yield "}"
    for name, (shape, reach) in example.drawn.items():
        source = f"draw(-{reach:.3g}, {reach:.3g})"
        for size in reversed(shape):
            source = f"[{source} for _ in range({size})]"
        yield f'example["{name}"] = {source}'
