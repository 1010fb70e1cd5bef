"""Labelled formulas, and numbers that confirm the labels."""
