"""A document as one HTML page: `html(document)`, and its drawings as SVG files: `svg_file(drawing, …)`."""

from reports.html.page import html
from reports.html.svg import svg_file

__all__ = ["html", "svg_file"]
