"""Checks formulas that people derived by hand: `check` takes a `Question` apart and gives an `Answer`."""
