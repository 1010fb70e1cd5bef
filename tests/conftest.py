"""Says at the end which tests did not run on this machine, why, and how to run them where they can."""

from __future__ import annotations

from collections import defaultdict
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each reason: how many tests, what is missing, and the command for their files."""
    found: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        found[reason.removeprefix("Skipped: ")].append(report.nodeid.partition("::")[0])
    for reason, files in sorted(found.items()):
        command = " ".join(("python3 run.py test", *sorted(set(files))))
        terminalreporter.write_line(f"not run here: {len(files)}, {reason} ({command})")
