"""A document as a notebook: `notebook(document)`, with code between its sections if some is given."""

from reports.notebook.printer import notebook, notebook_bytes

__all__ = ["notebook", "notebook_bytes"]
