"""What can go wrong in a gradient check and is no verdict: arguments that cannot be checked; the failed assertion."""

from __future__ import annotations


class GradientError(ValueError):
    """A gradient cannot be checked with what was given; one sentence says what was expected, where, and what to do."""


class WrongGradient(AssertionError):
    """A gradient is wrong, or could not be decided; the text is the message of the check."""
