"""Prints derivations: documents, PDFs, pages, notebooks, the terminal, and the `derive` command."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.html import html as html
    from reports.markdown import markdown as markdown
    from reports.notebook import notebook as notebook
    from reports.writing import write as write
    from reports.writing import write_report as write_report

_HOMES = {
    "write": "reports.writing",
    "write_report": "reports.writing",
    "html": "reports.html",
    "markdown": "reports.markdown",
    "notebook": "reports.notebook",
}
__all__ = ["write", "write_report", "html", "markdown", "notebook"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
