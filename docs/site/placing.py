"""Puts a built site in its place as a whole, keeps the old one until then, and touches no folder that no build made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from docs.site.pages import SiteError

MARKER = ".backproof-site"
"""The file by which a build knows an earlier one: a line that says so, then every other file of the site."""
WORDS = "search.js"
WORDS_BEGIN = "window.SECTIONS = "
_FIRST = "A site of Backproof's documentation; the next build replaces these files:"


def mark(site: Path) -> None:
    """Write into a complete site which files it has."""
    names = sorted(_names(site))
    (site / MARKER).write_text("\n".join((_FIRST, *names, "")), encoding="utf-8")


def refuse_foreign(output: Path) -> None:
    """Raises `SiteError` unless a folder is new, empty, or holds nothing but what an earlier build wrote."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise SiteError(f"{output} is not a folder: name another place with --output")
    if not output.exists():
        return
    names = set(_names(output))
    if not names:
        return
    if not _earlier(output):
        raise SiteError(f"{output} holds files that no build wrote: move them away, or name an empty or a new folder")
    foreign = sorted(names - {MARKER, *_listed(output)})
    if foreign:
        raise SiteError(f"{output} holds {foreign[0]}, which no build wrote: move it away, or name an empty folder")


def replace(draft: Path, output: Path) -> None:
    """Put a complete site where an old one may be; where that fails the old one is there again.

    Raises `OSError` where a folder cannot be renamed, and `SiteError` where only the old site cannot be deleted.
    """
    aside = draft.with_name(f"{draft.name}.old")
    try:
        if output.exists():
            output.rename(aside)
        draft.rename(output)
    except BaseException:  # an interruption too
        if aside.exists() and not output.exists():
            aside.rename(output)
        raise
    try:
        if aside.exists():
            shutil.rmtree(aside)
    except OSError as error:
        raise SiteError(f"{output} is the new site, but the old one stays in {aside}: {error.strerror}") from error


def _earlier(folder: Path) -> bool:
    """Whether an earlier build made a folder: it has the marker, and the words of the search begin as they do here."""
    marker, words = folder / MARKER, folder / WORDS
    if marker.is_symlink() or words.is_symlink() or not (marker.is_file() and words.is_file()):
        return False
    with words.open(encoding="utf-8", errors="replace") as file:
        begins = file.read(len(WORDS_BEGIN)) == WORDS_BEGIN
    return begins and marker.read_text(encoding="utf-8", errors="replace").startswith(f"{_FIRST}\n")


def _listed(folder: Path) -> list[str]:
    return (folder / MARKER).read_text(encoding="utf-8", errors="replace").split("\n")[1:]


def _names(folder: Path) -> Iterator[str]:
    """Every file of a folder by its path in it; a link counts as a file.  Raises `OSError` where it cannot be read."""
    for place, folders, files in os.walk(folder, onerror=_raised):
        for name in files + [one for one in folders if (Path(place) / one).is_symlink()]:
            yield (Path(place) / name).relative_to(folder).as_posix()


def _raised(error: OSError) -> None:
    raise error
