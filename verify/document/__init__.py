r"""Documents: a LaTeX source to its equations, each a definition or a claim, and what the checker says of the claims.

`source.scanned` finds the equations, `collecting.collected` makes questions of them, `run.examined` asks them.
"""
