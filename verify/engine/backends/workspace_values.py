"""What a plan is lowered to for the workspace: values, each made by one operation that can write into given memory."""

from __future__ import annotations

from dataclasses import dataclass

from derive.symbols import Index

Axes = tuple[Index, ...]


class NotFused(TypeError):
    """A value has no form as operations with `out=`; its line is computed as the readable source says."""


@dataclass(eq=False)
class Value:
    """An array: given, or made by one operation.

    `name` is that of an input or of a line; `fresh` says that its operation allocates it (a result, for example), so
    that it has no place in the workspace; `boolean` is for masks, which only multiply.
    """

    axes: Axes
    name: str = ""
    given: bool = False
    fresh: bool = False
    boolean: bool = False


@dataclass(frozen=True)
class Operand:
    """A value with the letters that its axes have where it is used."""

    value: Value
    axes: Axes


@dataclass(frozen=True)
class Number:
    """A number: Python source of it, and the number itself where it is known."""

    text: str
    known: float | None = None
    atom: bool = True

    @classmethod
    def of(cls, value: float) -> Number:
        """A known number."""
        whole = value.is_integer() and abs(value) < 1e15
        return cls(str(int(value)) if whole else repr(value), value, value >= 0)

    @property
    def factor(self) -> str:
        """The source, in brackets where it needs them."""
        return self.text if self.atom else f"({self.text})"


Term = Operand | Number


@dataclass(frozen=True)
class Slot:
    """A value as an argument: the source of a view follows its name (`.T`, `[:, None]`)."""

    value: Value
    view: str = ""


@dataclass(frozen=True)
class Operation:
    """`out = function(arguments)`; `{0}`, `{1}`, … in `template` are the arguments, `{out}` the memory to write into.

    `entrywise` operations may write into the memory of an argument; `line` is the name of the line that they serve;
    `readable` ones are whole lines as the readable source has them.
    """

    template: str
    inputs: tuple[Slot | Number, ...]
    out: Value
    line: str
    entrywise: bool = False
    readable: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The arguments that are arrays."""
        return tuple(one for one in self.inputs if isinstance(one, Slot))


def view(operand: Operand, axes: Axes) -> Slot:
    """The operand with these axes in this order, of length 1 where it has none."""
    here = tuple(one for one in axes if one in operand.axes)
    turned = ""
    if here != operand.axes:
        order = ", ".join(str(operand.axes.index(one)) for one in here)
        turned = ".T" if len(here) == 2 else f".transpose({order})"
    if here == axes:
        return Slot(operand.value, turned)
    places = ", ".join(":" if one in here else "None" for one in axes)
    if places.startswith("None") and not any(one == "None" for one in places.split(", ")[axes.index(here[0]) :]):
        places = places[: places.index(", :")]  # what stands behind is there anyway
    return Slot(operand.value, f"{turned}[{places}]")
