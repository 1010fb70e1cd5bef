"""From a derivation to the files of its exercises: sheet, solutions, quiz and key, written whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.exercises.document import Exercises, exercises
from reports.files import write_files
from reports.writing import Written, pages, printed
from verify.examination import Examination

SHEET, SOLUTIONS = "exercises", "solutions"
QUIZ, KEY = "quiz.jsonl", "quiz-key.jsonl"
PRINTED = ("pdf", "tex", "html", "md", "ipynb")


def write_exercises(
    examination: Examination,
    folder: str | Path = ".",
    formats: Sequence[str] = ("pdf", "tex"),
    notation: str = "nielsen",
    seed: int = 0,
    pdf_engine: str = "auto",
    language: str = "en",
) -> tuple[Exercises, Written]:
    """Write `exercises.*` and `solutions.*` in the formats, `quiz.jsonl` and `quiz-key.jsonl` into a folder.

    Raises `ValueError` for a format that is not of `PRINTED`, `OutputError` where the folder cannot be written,
    `EngineError` where a forced PDF engine does not work, and what `reports.exercises.document.exercises` raises.
    """
    unknown = [one for one in formats if one not in PRINTED]
    if unknown:
        raise ValueError(f"exercises are printed as {', '.join(PRINTED)}, not as {unknown[0]!r}")
    found = exercises(examination, notation, seed)
    sheet, made = printed(lambda: found.sheet, formats, pdf_engine, name=SHEET, language=language)
    solutions, _ = printed(lambda: found.solutions, formats, pdf_engine, name=SOLUTIONS, language=language)
    quiz = {QUIZ: found.quiz.questions(), KEY: found.quiz.key()}
    paths = tuple(write_files(Path(folder), {**sheet, **solutions, **quiz}))
    written = Written(paths, made.engine, pages(made.content), made.note) if made else Written(paths)
    return found, written
