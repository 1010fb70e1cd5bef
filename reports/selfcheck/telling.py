"""What a command says of a report that checked itself, and what that does to its exit code."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from reports.selfcheck.report import SelfCheck
from reports.wording import listed, tell
from reports.wording.language import told


def exit_of(check: SelfCheck | None, quiet: bool = False) -> int:
    """Prints the one sentence, unless `quiet` and all is well; 1 where something does not hold, else 0."""
    if check is None:
        return 0
    if not (quiet and check.holds):
        print(sentence(check), file=sys.stderr)
    return 0 if check.holds else 1


def sentence(check: SelfCheck) -> str:
    """What was read back, what claims nothing and was left aside, and the first thing that is wrong or unread."""
    counts = _counts(check)
    aside = listed(
        [f"{count:,} ({told(why)})" for why, count in sorted(Counter(one.found for one in check.asides).items())]
    )
    if check.holds:
        found = tell("the report read itself back, and all of it holds: {counts}", counts=counts)
    else:
        first = check.failed[0]
        found = tell("the report read itself back, {counts}; wrong or unread: {failed}, the first {text}: {found}",
                     counts=counts, failed=f"{len(check.failed):,}", text=first.text, found=first.found)  # fmt: skip
    return found + (tell("; counted apart, since nothing is claimed: {aside}", aside=aside) if aside else "")


def _counts(check: SelfCheck) -> str:
    claims, definitions, numbers = len(check.claims), len(check.definitions), len(check.numbers)
    return listed([
        tell("{count} claim" if claims == 1 else "{count} claims", count=f"{claims:,}"),
        tell("{count} definition" if definitions == 1 else "{count} definitions", count=f"{definitions:,}"),
        tell("{count} number" if numbers == 1 else "{count} numbers", count=f"{numbers:,}"),
    ])  # fmt: skip


def recorded(check: SelfCheck | None) -> dict[str, Any]:
    """What a command's JSON says of it; nothing where it was not asked for."""
    if check is None:
        return {}
    counts = {"claims": len(check.claims), "definitions": len(check.definitions), "numbers": len(check.numbers)}
    failed = [{"text": one.text, "found": one.found} for one in check.failed]
    return {"self_check": {**counts, "left_aside": len(check.asides), "failed": failed}}
