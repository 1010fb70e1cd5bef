"""What the campaign over printed pages finds: each fault of a log or of a page, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import typst as bundled

from benchmarks.paper import main
from benchmarks.paper_cases import KINDS
from benchmarks.paper_faults import DOTS, faults_of_ink, faults_of_log, faults_of_pages
from reports.document import Document, Paragraph, Section, inline
from reports.pdf import by_typst

LOG = r"""[1{/usr/share/pdftex.map}] [2]
Overfull \hbox (12.5pt too wide) in paragraph at lines 2--3
Overfull \hbox (0.9pt too wide) in paragraph at lines 1--1
Overfull \vbox (40.0pt too high) has occurred while \output is active
Missing character: There is no ! in font nullfont!
LaTeX Warning: Reference `x' on page 1 undefined on input line 5.
"""


def test_a_log_gives_its_errors_its_full_boxes_and_what_is_missing():
    found = list(faults_of_log(LOG, "one\ntwo wide\nthree\n"))
    assert len(found) == 4
    assert found[0] == "page 3: hbox 12.5 pt too full at line 2: one two wide three"
    assert found[1].startswith("page 3: vbox 40 pt too full")
    assert list(faults_of_log("This is pdfTeX\n[1] Output written", "")) == []


def test_behind_an_error_references_are_not_told():
    found = list(faults_of_log("! Undefined control sequence.\n" + LOG, ""))
    assert found[0] == "! Undefined control sequence."
    assert [one for one in found if "Reference" in one] == []


def paper(*patches: tuple[float, float, float, float]) -> np.ndarray:
    """A4 with ink from left to right and from top to bottom, in millimetres."""
    page = np.full((int(297 * DOTS / 25.4), int(210 * DOTS / 25.4)), 255, np.uint8)
    for left, right, top, bottom in patches:
        rows, columns = (slice(int(a * DOTS / 25.4), int(b * DOTS / 25.4)) for a, b in ((top, bottom), (left, right)))
        page[rows, columns] = 0
    return page


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ((26, 184, 25, 250), ""),
        ((26, 190, 25, 250), "ink from 26 to 190 mm"),
        ((20, 184, 25, 250), "ink from 20 to 184 mm"),
        ((26, 184, 10, 250), "ink from 10 to 250 mm down"),
        ((26, 184, 25, 40), "is bare: 6% of it is filled"),
        ((26, 184, 290, 295), "is empty"),
    ],
)
def test_ink_is_found_where_it_should_not_be(patch, said):
    found = list(faults_of_ink(paper(patch), last=False))
    assert len(found) == bool(said)
    assert all(said.split(" from")[0] in one for one in found)


def test_a_sign_without_a_glyph_a_title_and_a_language_are_missed():
    made = bundled.compile("#set text(fallback: false)\nx \u6f22 y".encode(), ignore_system_fonts=True)
    found = list(faults_of_pages(made))
    assert found[0] == "has no title"
    assert "page 1: 1 signs are missing" in found
    plain = Document("Title", (Section(inline("One"), (Paragraph(inline("words " * 900)),)),))
    assert list(faults_of_pages(by_typst(plain).content)) == []


def test_cases_are_named_once_and_every_kind_has_some():
    titles = [case.title for kind in KINDS.values() for case in kind()]
    assert len(titles) == len(set(titles)) > 100
    assert all(list(kind()) for kind in KINDS.values())


def test_an_unknown_kind_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["posters"])
    assert ended.value.code == 2
    assert "unknown kind 'posters'" in capsys.readouterr().err
