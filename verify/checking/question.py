"""A question to the checker: one formula and what it is about, validated, with every default filled in.

The fields and their defaults are those of a record of a batch (JSON).  `Question.of(record)` takes foreign data and
raises `BadQuestion` with a sentence that names the field, what was expected and what was found.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import zip_longest
from numbers import Integral, Real
from typing import Any

from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from derive.tables.notations import NOTATIONS

MOST_CHARACTERS = 20_000
MOST_DEFINITIONS = 200
MOST_LAYERS = 200
MOST_WIDTH = 10_000_000
MOST_NAME = 20
MOST_LETTER = 100
MOST_CONSTANT = 1e300

Width = int | str
Named = str | tuple[tuple[str, Any], ...]


class BadQuestion(ValueError):
    """A record that no question can be made of."""


@dataclass(frozen=True)
class Question:
    """What is asked.

    `activations` holds one row name or (name, constants) per weight layer.  `given` is None for a network.  `shapes`
    maps a letter, as it is written, to the sizes of its axes.  `bias` may be one value for each weight layer;
    `bias_only` says which layers only add biases (JSON: `{"bias_only": true}` in the place of a width), if any does.
    `first_layer` is None where the notation decides.  With `infer`, letters whose shape nobody stated are arrays where
    the definitions say so, as `derive` reads them; else they are numbers.
    """

    formula: str
    id: Any = None
    layers: tuple[Width, ...] = (2, 3, 1)
    activations: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = (("sigmoid", ()), ("sigmoid", ()))
    loss: str = "half-squared-error"
    bias: bool | tuple[bool, ...] = True
    notation: str = "auto"
    given: tuple[str, ...] | None = None
    assume: tuple[str, ...] = ()
    layout: str = "denominator"
    first_layer: int | None = None
    shapes: tuple[tuple[str, tuple[Width, ...]], ...] = ()
    bias_only: tuple[bool, ...] = ()
    infer: bool = False

    @staticmethod
    def of(record: Any) -> Question:
        """The question of a JSON record; fields that are not known are left alone."""
        if not isinstance(record, dict):
            raise BadQuestion(f"a record must be a JSON object, not {_kind(record)}")
        if record.get("formula") is None:
            raise BadQuestion("the record has no field `formula`")
        read = {name: _READERS[name](record[name]) for name in _READERS if record.get(name) is not None}
        layers = read.get("layers", (2, 3, 1))
        read["bias_only"] = _bias_only(record.get("layers") or ())
        _one_for_each(read.get("bias", True), len(layers) - 1)
        activations = record.get("activations")
        read["activations"] = _per_layer("sigmoid" if activations is None else activations, len(layers) - 1)
        return Question(id=record.get("id"), **read)

    def about(self, formula: str) -> Question:
        """The same question about another formula."""
        return replace(self, formula=formula)

    def record(self) -> dict[str, Any]:
        """The JSON record that gives this question."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        found["activations"] = [
            {"name": name, **dict(constants)} if constants else name for name, constants in self.activations
        ]
        found["shapes"] = {name: list(sizes) for name, sizes in self.shapes}
        only = (False, *found.pop("bias_only"))
        found["layers"] = [
            {"bias_only": True} if alone else width for width, alone in zip_longest(self.layers, only, fillvalue=False)
        ]
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if value is not None
        }


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", tuple: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number" if _number(value) else "something else")


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """A value as it stands in a sentence: whole if it is short, else what kind of thing it is."""
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:40] + "…")
    if _number(value):
        return str(value) if -1e20 < value < 1e20 else "a number out of all range"
    return _kind(value)


def _text(what: str, most: int = MOST_CHARACTERS) -> Any:
    def reader(value: Any) -> str:
        if not isinstance(value, str):
            raise BadQuestion(f"`{what}` must be text, not {_kind(value)}")
        if len(value) > most:
            raise BadQuestion(f"`{what}` has {len(value):,} characters; at most {most:,} are read")
        return value

    return reader


def _listed(what: str) -> Any:
    def reader(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise BadQuestion(f"`{what}` must be a list of formulas, not {_kind(value)}")
        if len(value) > MOST_DEFINITIONS:
            raise BadQuestion(f"`{what}` must be a list of at most {MOST_DEFINITIONS} formulas, not of {len(value):,}")
        texts = tuple(_text(what)(one) for one in value)
        if sum(map(len, texts)) > MOST_CHARACTERS:
            raise BadQuestion(f"`{what}` has more than {MOST_CHARACTERS:,} characters in all")
        return texts

    return reader


def _width(value: Any, where: str) -> Width:
    if isinstance(value, str) and len(value) <= MOST_NAME and value.isprintable() and any(map(str.isalpha, value)):
        return value
    if not _whole(value):
        raise BadQuestion(f"{where} must be a whole number or a letter, not {_shown(value)}")
    if not 1 <= value <= MOST_WIDTH:
        raise BadQuestion(f"{where} must be between 1 and {MOST_WIDTH:,}, not {_shown(value)}")
    return int(value)


def _layers(value: Any) -> tuple[Width, ...]:
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= MOST_LAYERS:
        raise BadQuestion(f"`layers` must be a list of 2 to {MOST_LAYERS} widths, input first")
    if _only(value[0]):
        raise BadQuestion("the first entry of `layers` must be the width of the input, not a layer with only biases")
    found: list[Width] = []
    for one in value:
        found.append(found[-1] if _only(one) else _width(one, "a width in `layers`"))
    return tuple(found)


def _only(layer: Any) -> bool:
    """Whether this is a layer that only adds biases."""
    return isinstance(layer, dict) and layer.get("bias_only") is True and len(layer) == 1


def _bias_only(layers: Any) -> tuple[bool, ...]:
    """Which weight layers only add biases; nothing where none does."""
    found = tuple(map(_only, layers[1:]))
    return found if any(found) else ()


def _shapes(value: Any) -> tuple[tuple[str, tuple[Width, ...]], ...]:
    if not isinstance(value, dict) or len(value) > MOST_DEFINITIONS:
        raise BadQuestion('`shapes` must be an object such as {"W": ["m", "n"], "x": ["n"]}')
    found = []
    for name, sizes in value.items():
        if not isinstance(name, str) or not 0 < len(name) <= MOST_LETTER:
            raise BadQuestion(f"a name in `shapes` must be a letter of at most {MOST_LETTER} characters")
        if not isinstance(sizes, list | tuple) or len(sizes) > 6:
            raise BadQuestion(f"`shapes` of {name!r} must be a list of at most 6 sizes")
        found.append((name, tuple(_width(one, f"a size of {name!r} in `shapes`") for one in sizes)))
    return tuple(found)


def _one_of(what: str, table: Any) -> Any:
    def reader(value: Any) -> str:
        if not isinstance(value, str) or value not in table:
            raise BadQuestion(f"`{what}` must be one of {', '.join(table)}; found {_shown(value)}")
        return value

    return reader


def _infer(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadQuestion(f"`infer` must be true or false, not {_kind(value)}")
    return value


def _bias(value: Any) -> bool | tuple[bool, ...]:
    """True, false, or one of them for each weight layer; equal ones are one."""
    given = list(value) if isinstance(value, list | tuple) else [value]
    for one in given:
        if not isinstance(one, bool):
            raise BadQuestion(f"`bias` must be true or false, or one of them for each weight layer, not {_kind(one)}")
    return given[0] if not isinstance(value, list | tuple) else tuple(given)


def _one_for_each(bias: bool | tuple[bool, ...], count: int) -> None:
    if not isinstance(bias, bool) and len(bias) != count:
        raise BadQuestion(f"`bias` must be one value or one for each of the {count} weight layers, not {len(bias)}")


def _first(value: Any) -> int:
    if not _whole(value) or not 0 <= value <= 1000:
        raise BadQuestion("`first_layer` must be a whole number from 0 to 1,000, the number of the first weights")
    return int(value)


def _per_layer(value: Any, count: int) -> tuple[tuple[str, tuple[tuple[str, float], ...]], ...]:
    """One activation per weight layer, with its constants."""
    given = list(value) if isinstance(value, list | tuple) else [value] * count
    if len(given) != count:
        raise BadQuestion(
            f"`activations` must be one name or one for each of the {count} weight layers, not {len(given)}"
        )
    return tuple(_activation(one) for one in given)


def _activation(value: Any) -> tuple[str, tuple[tuple[str, float], ...]]:
    constants = dict(value) if isinstance(value, dict) else {"name": value}
    name = _one_of("activations", ACTIVATIONS)(constants.pop("name", None))
    for key, one in constants.items():
        if key not in ACTIVATIONS[name].constants:
            raise BadQuestion(f"{name} has no constant {_shown(key)}")
        if not _number(one) or not -MOST_CONSTANT <= one <= MOST_CONSTANT:
            raise BadQuestion(f"the constant {key} of {name} must be a finite number")
        constants[key] = int(one) if _whole(one) else float(one)
    return name, tuple(sorted(constants.items()))


_READERS: dict[str, Any] = {
    "formula": _text("formula"),
    "layers": _layers,
    "loss": _one_of("loss", LOSSES),
    "bias": _bias,
    "notation": _one_of("notation", ("auto", *NOTATIONS)),
    "given": _listed("given"),
    "assume": _listed("assume"),
    "layout": _one_of("layout", ("denominator", "numerator")),
    "first_layer": _first,
    "shapes": _shapes,
    "infer": _infer,
}
