"""What cannot be certified at all, in one sentence that says what was met, where, and what to do."""

from __future__ import annotations


class NotCertified(ValueError):
    """A part of a definition has no enclosure: an unknown function, a width without a number, a foreign expression."""
