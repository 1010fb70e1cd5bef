r"""Counter-examples: small readable numbers at which balls prove that the two sides differ."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from verify.checking.answer import Counterexample
from verify.checking.finding import Finding
from verify.checking.settings import Setting, Values
from verify.graph.adjoints import leaves_of
from verify.graph.enclosure import LAST_BITS, Enclosure, Undefined
from verify.graph.nodes import Node
from verify.meaning.scene import Env

MOST_SHOWN = 40
DIGITS = 10
QUICK_BITS = 64
"""The precision of a first look, which is mostly at sides that are equal."""
NOTHING = Counterexample({}, {}, "", "")
"""What a brief judge is shown."""


class Refuter:
    """Looks for numbers at which two nodes of a setting differ."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.graph = setting.graph

    def separated(
        self, left: Node, right: Node, place: tuple[int, ...], env: Env, most: int = 100, shown: bool = True
    ) -> Counterexample | None:
        """The first of the setting's points where the two sides certainly differ; `most` is how many have values."""
        for values, enclosure in self.setting.enclosures(left, right):
            try:
                found = enclosure.separated(left, right, most_bits=QUICK_BITS if most == 1 else LAST_BITS)
            except Undefined:
                continue
            if found is not None:
                return self._example(left, right, found, values, enclosure, place, env) if shown else NOTHING
            most -= 1
            if not most:
                break
        return None

    def domain(self, left: Node, right: Node, place: tuple[int, ...], env: Env) -> Finding | None:
        """Equal sides, of which the right one needs a smaller domain: the condition that was not assumed."""
        asked = self.setting.normal.conditions(right)
        normal = self.setting.knowing([left]) if asked else self.setting.normal
        needed = [one for one in asked if not plainly_positive(one) and normal.sign(one) != 1]
        for values, enclosure in self.setting.enclosures(left, right, *needed) if needed else ():
            try:
                value = enclosure.of(left)
            except Undefined:
                continue
            for condition in needed:
                if self._negative(enclosure, condition):
                    example = self._example(left, right, (value, None), values, enclosure, place, env)
                    message = f"this holds only where {condition!r} > 0, which is not assumed"
                    return Finding(
                        "incorrect", "counterexample", counterexample=example, kind="assumption", message=message
                    )
        return Finding("undecided", message="the right side may be defined for fewer numbers") if needed else None

    def _negative(self, enclosure: Enclosure, node: Node) -> bool:
        try:
            return bool(enclosure.of(node) < 0)
        except Undefined:
            return False

    # --- what is shown ---

    def _example(
        self,
        left: Node,
        right: Node,
        found: tuple[Any, Any],
        values: Values,
        enclosure: Enclosure,
        place: tuple[int, ...],
        env: Env,
    ) -> Counterexample:
        used = list(self._used(left, right))
        free = {str(node.value): _rational(values[node]) for node in used if node in values}
        follow: dict[str, str] = {}
        shown_first = sorted(self.setting.follow(used), key=lambda node: (str(node.value).startswith("∂"), node.number))
        for node in shown_first[:MOST_SHOWN]:
            try:
                follow[str(node.value)] = text_of(enclosure.of(node))
            except Undefined:
                continue
        entry = ", ".join([*(f"{name} = {number}" for name, number in env.items())])
        if place:
            entry += ("; " if entry else "") + "entry " + ",".join(str(one + 1) for one in place)
        shown = [text_of(one) if one is not None else "not defined" for one in found]
        return Counterexample(dict(sorted(free.items())), follow, shown[0], shown[1], entry)

    def _used(self, *roots: Node) -> Iterator[Node]:
        """Every atom and quantity that the sides depend on, also behind names; at most some hundreds."""
        seen: dict[Node, None] = {}
        waiting = [leaf for root in roots for leaf in leaves_of(root)]
        while waiting and len(seen) < 400:
            node = waiting.pop(0)
            if node in seen:
                continue
            seen[node] = None
            if node.kind == "named":
                waiting += leaves_of(self.graph.body(node))
        yield from seen


def plainly_positive(node: Node) -> bool:
    """Whether a node is a sum of squares, exponentials and positive numbers, as it is written."""
    if node.kind == "sum":
        return all(map(plainly_positive, node.args))
    if node.kind == "product":
        odd = [one for one in node.args if node.args.count(one) % 2]
        return all(map(plainly_positive, odd))
    if node.kind == "power":
        return node.value % 2 == 0 or plainly_positive(node.args[0])
    return node.kind == "pi" or (node.kind == "function" and node.value == "exp") or (node.constant or 0) > 0


def _rational(value: Fraction) -> str:
    return str(value)


def text_of(value: Any) -> str:
    """A ball or a rational as a decimal of which every digit is certain."""
    if hasattr(value, "str"):
        return str(value.str(DIGITS, radius=False))
    return str(value)
