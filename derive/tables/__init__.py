"""Rows only: what can be added to Backproof by adding one row."""
