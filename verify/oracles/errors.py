"""What can be wrong with a point: its numbers do not fit the network, or the loss is not defined there."""

from __future__ import annotations


class PointError(ValueError):
    """A point cannot be made of what was given; one sentence says what was expected and where."""


class DomainError(ValueError):
    """The loss has no value at the point; one sentence says which function left its domain."""
