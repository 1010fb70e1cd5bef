"""Asks the checker about everything that a document says in formulas and numbers, exactly as it is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.document import Document
from reports.selfcheck.asking import Asker
from reports.selfcheck.checks import Check, Subject
from reports.selfcheck.statements import statements


@dataclass(frozen=True)
class SelfCheck:
    """What was checked in a document, each thing once for every place where it stands.

    `claims` are formulas that must be correct (and, where a sheet says so, must not), `definitions` those that say
    what a quantity is, read back as the same equation, `numbers` decimals that must be within their last digit.
    `asides` are relations that claim nothing, by what they are instead; `names` counts formulas without a relation.
    """

    claims: tuple[Check, ...]
    definitions: tuple[Check, ...]
    numbers: tuple[Check, ...]
    asides: tuple[Check, ...] = ()
    names: int = 0

    @property
    def failed(self) -> tuple[Check, ...]:
        """What is not as the document says, or could not be read."""
        return tuple(one for one in (*self.claims, *self.definitions, *self.numbers) if not one.holds)

    @property
    def holds(self) -> bool:
        """Whether everything is as the document says."""
        return not self.failed

    @cached_property
    def summary(self) -> str:
        """One sentence."""
        parts = (_counted(self.claims, "claim"), _counted(self.definitions, "definition"))
        said = f"the report checked itself: {', '.join(parts)} and {_counted(self.numbers, 'number')}"
        aside = Counter(one.found for one in self.asides)
        if aside:
            said += "; left aside: " + ", ".join(f"{count} ({why})" for why, count in sorted(aside.items()))
        if not self.failed:
            return f"{said}; nothing is wrong"
        first = self.failed[0]
        return f"{said}; {len(self.failed)} wrong or unread, first {first.text}: {first.found}"


def _counted(checks: tuple[Check, ...], noun: str) -> str:
    return f"{len(checks):,} {noun}" + ("" if len(checks) == 1 else "s")


def checked(document: Document, subject: Subject, others: Mapping[str, Subject] | None = None) -> SelfCheck:
    """Everything that the document says, checked against its subject.

    `others` are subjects of sections by their labels: a sheet computes with the numbers of a smaller network.
    """
    main, askers = Asker(subject), {label: Asker(one) for label, one in (others or {}).items()}
    found = [check for one in statements(document) for check in askers.get(one.section, main).checks(one)]
    kinds = {kind: tuple(one for one in found if one.kind in kind) for kind in _KINDS}
    claims, definitions, numbers, asides = kinds.values()
    return SelfCheck(claims, definitions, numbers, asides, sum(one.names for one in (main, *askers.values())))


_KINDS = (("claim", "false claim"), ("definition",), ("number",), ("aside",))
