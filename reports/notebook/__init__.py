"""A document as a notebook: `notebook(document)`, with code between its sections if some is given."""

from reports.notebook.printer import notebook, notebook_bytes
from reports.notebook.shown import formulas

__all__ = ["formulas", "notebook", "notebook_bytes"]
