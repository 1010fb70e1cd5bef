"""How to install what only some tasks need: one clause that every message about a missing package ends with."""

from __future__ import annotations


def install(extra: str) -> str:
    """The commands for an extra of `pyproject.toml`: in the folder of the project, and where it is a package."""
    return f"in Backproof's folder .venv/bin/pip install -e '.[{extra}]', elsewhere pip install 'backproof[{extra}]'"
