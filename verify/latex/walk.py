"""Going through a tree: the nodes below a node, and the tree with each of them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from verify.latex.tree import Node

_NAMES: dict[type, tuple[str, ...]] = {}
"""The fields of each kind of node that may hold nodes; filled as kinds are met."""

_PLAIN = ("str", "bool", "int", "Fence", "Sign", "Literal", "tuple[str", "tuple[int", "tuple[Sign")
"""How the types of fields begin that hold no nodes."""


def _names(node: Node) -> tuple[str, ...]:
    kind = type(node)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(one.name for one in fields(node) if one.name != "span" and not _plain(str(one.type)))
    return _NAMES[kind]


def _plain(annotation: str) -> bool:
    return annotation.startswith(_PLAIN)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, as written from left to right."""
    found: list[Node] = []
    for name in _names(node):
        _collect(getattr(node, name), found)
    return iter(found)


def _collect(value: object, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for one in value:
            _collect(one, found)


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes below it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(tuple(children(one))))


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with `change` applied to each node directly below it; the same object where nothing changes."""
    news: dict[str, Any] = {}
    for name in _names(node):
        value = getattr(node, name)
        new = _changed(value, change)
        if new is not value:
            news[name] = new
    return replace(node, **news) if news else node


def _changed(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return change(value)
    if not isinstance(value, tuple):
        return value
    news = tuple(_changed(one, change) for one in value)
    return news if any(new is not old for new, old in zip(news, value, strict=True)) else value
