r"""A report checks itself: its claims by the checker, its definitions read back, its rounded numbers by balls.

`reports.selfcheck.report.checked(document, subject)` walks a built document, prints every formula as LaTeX, exactly as
the printers do, and asks.  The subject of each kind of report is made in `reports.selfcheck.subjects`.

What a formula is, where it does not say so itself, is said by the `meant` of its equation or piece (`reports.meant`).
What is not asked about:

    an expression without a relation      a name in running text or in a table; counted in `names`
    an `Aside`                            counted by its reason: an update of the parameters, which term of a sum is
                                          meant (k = j), the place of a kink and the slopes beside it, a first-order
                                          approximation, a name for what words define (g = ∇J)
    a derivative at a kink                there is none: each entry is counted as an aside; values there are checked
    the right side that a gap hides       it is on the solution sheet, and asked about there
    numbers in running text               counts, percentages; those that are measured bear a `Measured`
    numbers and formulas inside drawings  not yet asked about

Of a chain of numbers every sign must be = (what is printed is exact, or it is a formula with numbers in it) or ≈
(something in it is rounded), its functions and product signs those of the letters, and what it comes to the value, as
far as the rounding of its decimals allows.  A definition may not use what it defines.  Where activation functions
differ, σ is the sigmoid alone.

What is asked about and cannot be decided is not dropped: it is in `failed` with the checker's words.  Networks are
asked about as they are, also those with layers that have only a bias, or no bias.  `python -m benchmarks.selfcheck` has
the chapters of some seventy networks check themselves.
"""
