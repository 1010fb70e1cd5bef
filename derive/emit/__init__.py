"""Boxes in three languages: LaTeX, Typst and one line of plain text."""
