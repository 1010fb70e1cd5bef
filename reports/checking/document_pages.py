"""The results of documents as a document of ours, to be printed: every equation with a tick, a cross or a question.

What somebody typed is parsed and set from its tree; what cannot be set so is shown as it was typed, as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from derive.layout import Box
from reports.checking.document_boxes import Unprintable, boxed, lines
from reports.checking.document_table import COUNTED, WRONG, shown
from reports.document import Block, Document, Equation, Line, Listing, Paragraph, Section, Together
from reports.inline import Code, Emphasis, Inline, Math, Piece, Text, Tinted, inline
from reports.wording import say, words
from reports.wording.language import phrase, told
from verify.document.results import Examined, Result

TITLE = "Formulas, checked"
MOST_EQUATIONS = 1_500
MOST_TEXT = 2_000
_MARKS = {"correct": "✓", "incorrect": "×", "undecided": "?", "unreadable": "?"}
_COLOURS = {"correct": "bp3", "incorrect": "bp1", "undecided": "bp5", "unreadable": "bp5"}


def pages(documents: Sequence[tuple[str, Examined]]) -> Document:
    """One section for each document, with its equations in the order of the text."""
    sections = tuple(_section(file, found) for file, found in documents)
    facts = tuple((*inline(_clean(file)), *words(": "), *_summary(found)) for file, found in documents)
    description = words("✓ correct, × incorrect, ? without a verdict; definitions and what was skipped bear no sign")
    return Document(phrase(TITLE), sections, description, facts if len(facts) < 20 else ())


def _summary(found: Examined) -> Inline:
    """How many of what: `2 definitions, about the network, 3 claims: 2 correct, 1 incorrect`."""
    defined = sum(one.kind == "definition" for one in found.results)
    parts = [_several("{count} definition", "{count} definitions", defined)] if defined else []
    parts += [words("about the network")] if found.network else []
    parts.append(_several("{count} claim", "{count} claims", found.claims))
    verdicts = [words(COUNTED[one], count=f"{found.count(one)}") for one in COUNTED if found.count(one)]
    return (*_listed(parts), *(words(": ") if verdicts else ()), *_listed(verdicts))


def _several(one: str, several: str, count: int) -> Inline:
    return words(one if count == 1 else several, count=f"{count:,}")


def _listed(parts: Sequence[Inline]) -> Inline:
    return tuple(piece for place, part in enumerate(parts) for piece in (*(say("clause") if place else ()), *part))


def _section(file: str, found: Examined) -> Section:
    blocks = [block for result in islice(found.results, MOST_EQUATIONS) for block in _blocks(result)]
    left = len(found.results) - MOST_EQUATIONS
    if left > 0:
        more = words("and {count} more equations, which only the table in the terminal shows", count=f"{left:,}")
        blocks.append(Paragraph(more))
    blocks += [
        Paragraph(words("Line {line}: {message}.", line=str(one.line), message=tuple(_said(told(_clean(one.message))))))
        for one in found.remarks
    ]
    if not blocks:
        blocks = [Paragraph(words("There is no equation in this document."))]
    return Section(inline(_clean(file)), tuple(blocks))


def _blocks(result: Result) -> Iterator[Block]:
    """One equation, and its mended form where there is one."""
    equation = _equation(result)
    if result.fix is None:
        yield equation
        return
    try:
        mended: Block = Equation(lines(result.fix), reason=_because("mended"), numbered=False)
    except Unprintable:
        mended = _typed(result.fix)
    yield Together((equation, mended)) if isinstance(equation, Equation) else equation
    if not isinstance(equation, Equation):
        yield mended


def _equation(result: Result) -> Block:
    """The equation with its sign; as it was typed where no box shows it."""
    if result.kind == "comment":
        return Paragraph(_reason(result))
    try:
        rows = lines(result.formula, result.mark if result.verdict == "incorrect" else None)
    except Unprintable:
        return Together((Paragraph(_reason(result)), _typed(result.latex)))
    name = _MARKS.get(result.verdict or "", "")
    return Equation(_short(rows), reason=_reason(result), name=name, numbered=False)


def _short(rows: tuple[Line, ...]) -> tuple[Line, ...]:
    """At most a page of lines."""
    if len(rows) <= 40:
        return rows
    box: Box = rows[-1].rhs
    return (*rows[:39], Line(None, box, rows[-1].relation))


def _reason(result: Result) -> Inline:
    """The line, the verdict, what is wrong."""
    word = shown(result)
    colour = _COLOURS.get(word)
    verdict: Piece = Tinted(told(word), colour) if colour else Text(told(word))
    label = words(" ({label})", label=Text(_clean(result.label))) if result.label else ()
    found = (*words("line {line}", line=str(result.start.line)), *label, *words(": "), verdict)
    if result.verdict in WRONG:
        found += (*words(". "), *inline(told(result.mistake.replace("-", " ")))) if result.mistake else ()
        joined = words(": " if result.mistake else ". ")
        found += (*joined, *_said(told(_clean(result.message)))) if result.message else ()
    note = _clean(result.note) or (phrase("in the prose") if result.prose else "")
    return (*found, *(words(" ({label})", label=note) if note else ()))


def _said(message: str) -> Iterator[Piece]:
    """A sentence whose formulas stand between dollar signs; one that no box shows stays as it was typed."""
    for number, part in enumerate(message.split("$")):
        if number % 2 == 0:
            yield from (Text(part),) if part else ()
            continue
        try:
            yield Math(boxed(part))
        except Unprintable:
            yield Code(part)


def _because(word: str) -> Inline:
    return (Emphasis(phrase(word)),)


def _typed(latex: str) -> Listing:
    """LaTeX as it was typed, sign for sign; what no page shows is a question mark."""
    return Listing(_clean(latex, "\n") or " ", "latex")


def _clean(text: str, kept: str = "") -> str:
    """Text without signs that move or hide what is printed, and not too much of it."""
    text = text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]} …"
    return "".join(one if one.isprintable() or one in kept else " " if one.isspace() else "?" for one in text)
