"""Going through a tree: the nodes below a node, and the tree with each of them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from verify.latex.tree import Node

_NAMES: dict[type, tuple[str, ...]] = {}
"""The fields of each kind of node that are part of the tree; filled as kinds are met."""


def _names(node: Node) -> tuple[str, ...]:
    kind = type(node)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(one.name for one in fields(node) if one.name != "span")
    return _NAMES[kind]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, as written from left to right."""
    for name in _names(node):
        yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _nodes(one)


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
