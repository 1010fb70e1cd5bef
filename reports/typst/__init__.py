"""A document as Typst source: `typst(document)`."""

from reports.typst.printer import typst

__all__ = ["typst"]
