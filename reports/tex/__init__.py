"""A document as LaTeX source: `tex(document)`."""

from reports.tex.printer import tex

__all__ = ["tex"]
