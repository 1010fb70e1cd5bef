"""Exercise sheets, solutions and quizzes in every other language: in each format whole, and no English left."""

from __future__ import annotations

import json
import re

import pytest

from derive import Derivation, Network
from reports.exercises.document import Exercises
from reports.exercises.writing import write_exercises
from reports.html.words import WORDS
from reports.typst import fonts
from reports.wording.language import LANGUAGES, NATIVE, language, speaking
from reports.writing import Written
from verify.examination import Examination, examine
from verify.oracles import Point

OTHERS = [code for code in LANGUAGES if code != NATIVE]
NETWORK = Network((2, 3, 2), ("tanh", "softmax"), "cross-entropy", bias="appended")
ENGLISH = re.compile(r"(?:\b[A-Za-z’']{2,} ){2,}[A-Za-z’']{2,}")
LEFT_OUT = re.compile(r"<(math|code|pre|style|script|svg)\b.*?</\1>|<[^>]*>|\$\$.*?\$\$|\$[^$]*\$|```.*?```", re.DOTALL)
TEXTS = ("html", "md", "ipynb")


@pytest.fixture(scope="module")
def examination() -> Examination:
    return examine(Derivation(NETWORK), Point.random(NETWORK, 0))


@pytest.fixture(scope="module", params=OTHERS)
def written(request, examination, tmp_path_factory) -> tuple[str, Exercises, Written]:
    """The code of a language, and what was written in it."""
    code, folder = request.param, tmp_path_factory.mktemp(request.param)
    with speaking(code):
        return code, *write_exercises(examination, folder, formats(code), pdf_engine="typst", language=code)


def formats(code: str) -> tuple[str, ...]:
    """All of them; without PDF where no font of this machine has the letters."""
    return (*TEXTS, "pdf") if set(language(code).fonts) & set(fonts.installed()) else TEXTS


def files(found: Written, end: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in found.paths if path.suffix == f".{end}"]


def test_the_texts_are_all_in_the_language(written):
    code, _, found = written
    cells = [cell for book in files(found, "ipynb") for cell in json.loads(book)["cells"]]
    told = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert len(told) > 4
    texts = [*files(found, "html"), *files(found, "md"), *told]
    assert [match[0] for text in texts for match in ENGLISH.finditer(LEFT_OUT.sub("\n", text))] == []
    assert all(f'<html lang="{code}">' in page for page in files(found, "html"))


def test_every_gap_has_its_solution_in_the_language(written):
    code, exercises, found = written
    sheet, solutions = files(found, "html")
    spoken = set(map(int, re.findall(rf'aria-label="{WORDS[code].gap.replace("{number}", "([0-9]+)")}"', sheet)))
    assert spoken == set(range(1, exercises.gaps + 1))
    assert all(f"({number})\u00a0" in solutions for number in spoken)
    mistakes = {language(code).sentences[f"mistake-{one.mistake.name}"] for one in exercises.quiz.items if one.mistake}
    assert any(one.split("：")[0] in solutions for one in mistakes)


def test_the_pages_are_set_with_letters_of_the_language(written):
    code, _, found = written
    pdfs = [path.read_bytes() for path in found.paths if path.suffix == ".pdf"]
    assert len(pdfs) == (2 if "pdf" in formats(code) else 0)
    assert all(pdf.startswith(b"%PDF") for pdf in pdfs)
    assert not pdfs or (found.engine == "typst" and found.pages > 1)


def test_a_quiz_is_the_same_in_every_language(written, examination, tmp_path):
    """It is for the checker, which reads formulas."""
    _, _, found = written
    _, native = write_exercises(examination, tmp_path, ("md",))
    assert files(found, "jsonl") == files(native, "jsonl")
    assert files(found, "md") != files(native, "md")
