"""The worked systems, one row each; a row's module tells it, with numbers, figures and claims that check themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.examples.page import Page


@dataclass(frozen=True)
class Example:
    """A row: `home` is the module whose `tell(page)` writes the report; `about` is one line for a list."""

    name: str
    title: str
    about: str
    home: str

    def tell(self, page: Page) -> None:
        """Writes the report; imported only now, since each example has its own needs."""
        teller: Callable[[Page], None] = import_module(self.home).tell
        teller(page)


_ROWS = (
    Example("descent", "Descent on f(x, y) = x + y", "a plane has no lowest point", "reports.examples.descent"),
    Example("chain", "A chain of three nodes", "local derivatives multiply", "reports.examples.chain"),
    Example(
        "tanh-softmax", "tanh, then softmax", "Jacobians, and two slips of a text", "reports.examples.tanh_softmax"
    ),
)
EXAMPLES = {row.name: row for row in _ROWS}
