"""What `derive example` does once its options are read: tell the example, write it, say what was checked."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.network import SpecError
from reports.arguments import near
from reports.document import Document
from reports.examples import EXAMPLES
from reports.examples.page import Page
from reports.exits import exit_code
from reports.options import formats as chosen
from reports.selfcheck.checks import Check
from reports.wording.language import language as language_row
from reports.wording.language import phrase, speaking
from reports.wording.language import told as words_told
from reports.writing import write_report


@dataclass(frozen=True)
class Told:
    """An example that was told: its report, what was checked, its programs, and these by the label of their section."""

    document: Document
    checks: tuple[Check, ...]
    programs: tuple[str, ...]
    cells: Mapping[str, Sequence[str]]

    @property
    def wrong(self) -> tuple[Check, ...]:
        """What is not as the report says."""
        return tuple(one for one in self.checks if not one.holds)


def told(name: str, language: str = "en") -> Told:
    """Tells an example.  Raises `SpecError` for a name that there is not."""
    if name not in EXAMPLES:
        raise SpecError(f"there is no example {name!r}; there are {', '.join(EXAMPLES)}{near(name, tuple(EXAMPLES))}")
    row = EXAMPLES[name]
    with speaking(language):
        page = Page(row.title, row.about)
        row.tell(page)
        return Told(page.document(), tuple(page.checks), tuple(page.programs), dict(page.cells))


def listed(as_json: bool = False) -> int:
    """Prints every example with one line about it in the language that is spoken, or all of them as one JSON object."""
    if as_json:
        rows = [{"example": row.name, "title": row.title, "about": row.about} for row in EXAMPLES.values()]
        print(json.dumps({"examples": rows}, ensure_ascii=False))
        return 0
    wide = max(map(len, EXAMPLES))
    for row in EXAMPLES.values():
        print(f"{row.name:{wide}}  {phrase(row.title)}{language_row().colon}{phrase(row.about)}")
    return 0


def run(name: str, output: Path, formats: str, language: str, pdf_engine: str, as_json: bool, quiet: bool) -> int:
    """Tell one example and write its report; 1 if something in it is not as it says."""
    return exit_code(lambda: _run(name, output, formats, language, pdf_engine, as_json, quiet))


def _run(name: str, output: Path, formats: str, language: str, pdf_engine: str, as_json: bool, quiet: bool) -> int:
    kinds = chosen(formats)
    found = told(name, language)
    if found.wrong:
        for one in found.wrong:
            print(f"derive: {one.kind} {one.text!r}: {one.found}", file=sys.stderr)
        return 1
    written = write_report(lambda: found.document, output, kinds, pdf_engine, name=f"example-{name}",
                           record=lambda: _record(name, found), code=found.cells, language=language)  # fmt: skip
    names = [str(path) for path in written.paths]
    if as_json:
        print(json.dumps({**_record(name, found), "files": names}))
    elif not quiet:
        _show(found, names)
    return 0


def _record(name: str, found: Told) -> dict[str, Any]:
    return {"example": name, "title": found.document.title, "checks": [vars(one) for one in found.checks]}


_SAID = (
    ("1 formula found correct", "{count} formulas found correct"),
    ("1 claim of the text found false", "{count} claims of the text found false"),
    ("1 number within its last digit", "{count} numbers within their last digit"),
)


def _show(found: Told, names: Sequence[str]) -> None:
    counts = {kind: sum(one.kind == kind for one in found.checks) for kind in ("claim", "false claim", "number")}
    said = (one if count == 1 else several.format(count=count)
            for count, (one, several) in zip(counts.values(), _SAID, strict=True) if count)  # fmt: skip
    print(found.document.title)
    print("  " + " · ".join(map(words_told, said)))
    print("  " + "   ".join(names))
