"""The reference, from the docstrings: a page for each package with public names, and one for the command line."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import click

from docs.site.signatures import called, plainly


@dataclass(frozen=True)
class Package:
    """A package whose `__all__` is documented; `about` says in one sentence who needs it."""

    name: str
    about: str


PACKAGES = (
    Package("derive", "Networks, programs, derivations and their steps."),
    Package("derive.second", "Second derivatives: Hessian–vector products with steps, and Hessians."),
    Package("verify", "Rechecking, engines, and the check of a formula."),
    Package("verify.gradients", "The check of a backward pass that somebody wrote by hand."),
    Package("verify.certificates", "How many digits of a gradient are right."),
    Package("verify.training", "Optimisers, data, training, descent on any function."),
    Package("verify.oracles", "Differences, the complex step and balls, which know nothing of a derivation."),
    Package("reports", "Documents as PDF, LaTeX, pages, Markdown and notebooks."),
)
COMMANDS = ("commands", "Every command with its options.")
ROWS = (*((one.name, one.about) for one in PACKAGES), COMMANDS)
FOLDER = "reference/"
MARK = "<!-- reference -->"
"""Where the list of these pages stands in `docs/reference.md`."""
ROOMS = ("derive", "verify", "reports")
_MADE = ("__init__", "__call__")


def listing() -> str:
    """A list of all pages of the reference, as Markdown."""
    return "\n".join(f"- [{name}]({FOLDER}{name}.html): {about}" for name, about in ROWS)


def page(name: str) -> str:
    """The page of a package, or that of the commands, as Markdown; raises `KeyError` for another name."""
    if name == COMMANDS[0]:
        return commands_page()
    return package_page({one.name: one for one in PACKAGES}[name])


def package_page(package: Package) -> str:
    """A package: its promise, then each public name with its signature, docstring and members."""
    module = import_module(package.name)
    parts = [f"# {_kept(package.name)}", _told(module)]
    for name in module.__all__:
        parts += [f"## {_kept(name)}", *described(name, getattr(module, name))]
    return "\n\n".join(part for part in parts if part) + "\n"


def commands_page() -> str:
    """What `--help` says of every command, as Markdown."""
    from reports.cli import command  # here: it brings every command with it

    parts = ["# The command line", "What `derive --help` and the `--help` of each command inside it print."]
    root = click.Context(command, info_name="derive")
    parts += ["## derive", _indented(command.get_help(root))]
    for name, inner in command.commands.items():
        context = click.Context(inner, info_name=name, parent=root)
        parts += [f"## derive {name}", _indented(inner.get_help(context))]
    return "\n\n".join(parts) + "\n"


def described(name: str, thing: Any) -> Iterator[str]:
    """The parts of the section about a public name: how it is called, what it says, its members."""
    if isinstance(thing, type):
        yield _block(called(name, thing))
        yield _told(thing)
        yield from _members(thing)
    elif callable(thing):
        yield _block(called(name, thing))
        yield _told(thing)
    else:
        yield f"A {type(thing).__name__}: {_contents(thing)}."


def _members(kind: type) -> Iterator[str]:
    """Public methods and properties that say what they do, in the order of the source."""
    for name in _names(kind):
        found = inspect.getattr_static(kind, name)
        plain = found.__func__ if isinstance(found, staticmethod | classmethod) else found
        if not inspect.getdoc(plain) or (name in _MADE and not plain.__doc__):
            continue
        if isinstance(plain, property | cached_property):
            yield f"### {_kept(kind.__name__)}.{_kept(name)}"
            yield _told(plain)
        elif inspect.isfunction(plain):
            yield f"### {_kept(kind.__name__)}.{_kept(name)}"
            yield _block(called(name, plain, bound=not isinstance(found, staticmethod)))
            yield _told(plain)


def _names(kind: type) -> list[str]:
    """Public names that the project's own classes give, base classes first, each once."""
    own = [one for one in reversed(kind.__mro__) if one.__module__.split(".")[0] in ROOMS]
    fieldy = {one.name for one in fields(kind)} if is_dataclass(kind) else set()
    names = dict.fromkeys(name for one in own for name in vars(one))
    return [name for name in names if (not name.startswith("_") or name in _MADE) and name not in fieldy]


def _told(thing: Any) -> str:
    """A docstring as Markdown: what stands indented in it is a block; a sign that Markdown would read is kept."""
    said = inspect.getdoc(thing) or ""
    if isinstance(thing, type) and is_dataclass(thing) and said.startswith(f"{thing.__name__}("):
        return ""  # made by the decorator, and the signature says it already
    return "\n".join(line if line.startswith("    ") else _kept(line) for line in said.split("\n"))


def _kept(line: str) -> str:
    """Stars, underscores and brackets outside backticks stay what they are."""
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(
        part if number % 2 else re.sub(r"([*_\[\]<>\\])", r"\\\1", part) for number, part in enumerate(parts)
    )


def _block(source: str) -> str:
    return f"```python\n{source}\n```"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))


def _contents(thing: Any) -> str:
    """The names in a table of rows, or the value itself."""
    if isinstance(thing, dict):
        return ", ".join(f"`{key}`" for key in thing)
    return f"`{plainly(thing)}`"
