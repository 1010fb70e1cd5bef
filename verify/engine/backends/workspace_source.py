"""Operations as Python source: a function that makes the workspace, and one that computes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import wrap

import numpy as np

from verify.engine.backends.workspace_memory import Memory, shape_of
from verify.engine.backends.workspace_readable import Readable
from verify.engine.backends.workspace_sums import PRODUCT
from verify.engine.backends.workspace_values import Number, Operation, Slot, Value
from verify.engine.plan.network import WEIGHT
from verify.engine.plan.types import Plan
from verify.engine.source import TITLES, arguments_of, function_name, widths_read

_WIDTH = 100
_KEYWORD_OUT = ("fmax", "maximum", "minimum", "fmin")  # NumPy wants `out=` written there


@dataclass
class Program:
    """The source of a module with `workspace(widths…)` and the function that computes the results of a plan."""

    plan: Plan
    operations: Sequence[Operation]
    dtype: str
    _room: dict[str, str] = field(default_factory=dict)  # what the workspace holds: its name, and how it is made
    _called: set[str] = field(default_factory=set)  # functions of NumPy that have a short name

    @property
    def name(self) -> str:
        """What the function is called."""
        return function_name(self.plan)

    @cached_property
    def source(self) -> str:
        """The whole module."""
        body = list(self._body())
        room = self._free("room")
        unpacked = _wrapped(self._held, f" = {room}")
        made = [f"if {room} is None:", f"    {room} = {self.maker}({', '.join(self.widths)})"]
        lines = [*made, *unpacked, *body, f"return {', '.join(self.plan.results)}"]
        read = [f"{name} = {f'{array}.shape[{n}]' if n else f'len({array})'}"
                for name, array, n in widths_read(self.plan, "\n".join(lines))]  # fmt: skip
        arguments = [f"{one.name}=1.0" if one.thing == WEIGHT else one.name for one in arguments_of(self.plan)]
        head = f"def {self.name}({', '.join(arguments)}, {room}=None):"
        text = "\n".join([head, *(f"    {one}" for one in (*read, *lines)), ""])
        short = [f"{one} = np.{one}" for one in sorted(self._called)]
        short[:0] = ["# The last argument of these is the array that they write into."] if short else []
        return "\n".join([self._preamble, "", *short, "", "", self._workspace, "", text])

    # --- the workspace ---

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self.plan, self.operations, self._taken)

    @cached_property
    def _taken(self) -> frozenset[str]:
        numbers = [one.out.name for one in self.operations]
        known = [*(one.name for one in self.plan.lines), *(one.name for one in self.plan.helpers)]
        return frozenset([*self.plan.arguments, *known, *numbers])

    def _free(self, name: str) -> str:
        """A name that nothing in the plan has."""
        return f"{name}_" if name in self._taken else name

    @property
    def maker(self) -> str:
        """What the function that makes the workspace is called."""
        return self._free("workspace")

    @cached_property
    def widths(self) -> tuple[str, ...]:
        """The names of the widths that the plan leaves open: what the workspace depends on."""
        return tuple(one.name for one in self.plan.inputs if one.sort == "width")

    @property
    def _held(self) -> list[str]:
        return list(self._room)

    @property
    def _workspace(self) -> str:
        made = [f"    {name} = {how}" for name, how in self._room.items()]
        title = '    """What is written into, for arrays of these widths; it is kept from call to call."""'
        returned = [f"    {one}" for one in _wrapped(list(self._room), "", "return ") or ["return ()"]]
        return "\n".join([f"def {self.maker}({', '.join(self.widths)}):", title, *made, *returned, ""])

    def _hold(self, name: str, how: str) -> str:
        """The name of something that the workspace holds."""
        while name in self._taken and name not in self._memory_names:
            name += "_"
        self._room.setdefault(name, how)
        return name

    @cached_property
    def _memory_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self._memory.buffers)

    def _array(self, value: Value) -> str:
        buffer = self._memory.buffer(value)
        if buffer is None:
            return value.name
        shape = f"({', '.join(buffer.shape)}{',' * (len(buffer.shape) == 1)})"
        return self._hold(buffer.name, f"np.empty({shape}, {self._type(buffer.boolean)})")

    def _type(self, boolean: bool = False) -> str:
        return "np.bool_" if boolean else f"np.{self.dtype}"

    # --- the function ---

    def _body(self) -> Iterator[str]:
        title, told = "", -1
        places = {line.name: n for n, line in enumerate(self.plan.lines)}
        for operation in self.operations:
            place = places[operation.line]
            for n in range(told + 1, place + 1):
                line = self.plan.lines[n]
                if TITLES[line.part] != title:
                    title = TITLES[line.part]
                    yield f"# --- {title} ---"
                yield f"# {line.name} = {Readable(self.plan, self.dtype).text(line)}"
            told = max(told, place)
            yield from self._operation(operation)

    def _operation(self, operation: Operation) -> Iterator[str]:
        arguments = [self._slot(one) if isinstance(one, Slot) else self._constant(one) for one in operation.inputs]
        out = "" if operation.out.fresh else self._array(operation.out)
        written = f", {'out=' * (operation.template.split('(')[0] in _KEYWORD_OUT)}{out}" if out else ""
        nothing = f", None, {out}" if out else ""
        template = self._function(operation) + "".join(operation.template.partition("(")[1:])
        template = template.replace("{out}", "{out_}").replace("{none out}", "{nothing}")
        call = template.format(*arguments, out_=written, nothing=nothing)
        if operation.readable and operation.out.name in self.plan.results and operation.out.axes:
            call = f"np.array({call}, {self._type()})"
        if not out:
            yield f"{operation.out.name} = {call}"
        elif operation.template.startswith("multiply(") and arguments == [out, self.plan.name(WEIGHT)]:
            yield f"if {arguments[1]} != 1:"
            yield f"    {call}"
        else:
            yield call

    def _function(self, operation: Operation) -> str:
        """What is called; a function of NumPy by its name alone, where that is free."""
        name, bracket, _ = operation.template.partition("(")
        if operation.readable or not bracket or not name.isidentifier():
            return name
        if name.startswith(PRODUCT):
            width = name.removeprefix(PRODUCT)
            return self._hold(name, f"np.dot if {width} == 1 else np.matmul")
        if name in self._taken:
            return f"np.{name}"
        self._called.add(name)
        return name

    def _slot(self, slot: Slot) -> str:
        value = slot.value
        if value.name == "ones" and value.given:
            (size,) = shape_of(self.plan, value.axes)
            return self._hold(f"ones_{size}", f"np.ones({size}, {self._type()})")
        name = self._array(value)
        if not slot.view or self._memory.buffer(value) is None:
            return f"{name}{slot.view}"
        return self._hold(f"{name}{_suffix(slot.view)}", f"{name}{slot.view}")

    def _constant(self, number: Number) -> str:
        """A number as an argument: an array without axes, which NumPy takes faster than a number of Python's."""
        if number.known is None:
            return number.text
        greatest = float(np.finfo(self.dtype).max)
        names = {1.0: "one", 0.0: "zero", 2.0: "two", 0.5: "half", greatest: "greatest", -greatest: "least"}
        short = names.get(number.known)
        return self._hold(short or f"c{number.text.replace('-', 'm').replace('.', '_').replace('+', '')}",
                          f"np.array({number.text}, {self._type()})")  # fmt: skip

    @property
    def _preamble(self) -> str:
        readable = any(one.readable for one in self.operations)
        return Readable(self.plan, self.dtype).preamble.rstrip() if readable else "import numpy as np"


def _wrapped(names: list[str], after: str, before: str = "") -> list[str]:
    """A tuple of names, over several lines where it is long; nothing for none."""
    whole = ", ".join(names) + "," * (len(names) == 1)
    if len(whole) < _WIDTH:
        return [f"{before}{whole}{after}"] if names else []
    return [f"{before}(", *(f"    {one}" for one in wrap(f"{whole},", _WIDTH)), f"){after}"]


def _suffix(view: str) -> str:
    """What the name of a view ends with."""
    known = {".T": "_T", ".ravel()": "_flat", "[None]": "_row", "[:, None]": "_column"}
    return known.get(view) or "_" + re.sub(r"\W+", "_", view).strip("_")
