"""A document as Markdown: `markdown(document)`, or with figures as files beside it: `markdown_files(document, …)`."""

from reports.markdown.printer import markdown, markdown_files

__all__ = ["markdown", "markdown_files"]
