"""A document as Markdown for wikis, issues and notebooks: GitHub's dialect, formulas between dollar signs.

Formulas are spelled so that Markdown leaves them as they are, see `reports.markdown.formulas`; a dollar sign that
begins or ends a formula never touches a letter, which GitHub needs.  References are links to anchors; where a wiki
drops the anchors, the number still says what is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from reports.document import (
    Block,
    Boxed,
    Bullets,
    Code,
    Document,
    Emphasis,
    Equation,
    Figure,
    Gap,
    Inline,
    Listing,
    Math,
    PageBreak,
    Paragraph,
    Piece,
    Ref,
    Section,
    Table,
    Text,
    Tinted,
    Together,
)
from reports.fitting import setting
from reports.html.svg import svg_file
from reports.html.text import spoken
from reports.html.words import Words, words
from reports.markdown.formulas import aligned, safe, source
from reports.markdown.text import begun, code, escape, fenced

Pictured = Callable[[str, Figure, str], str]
_ALIGN = {"left": ":--", "right": "--:", "centre": ":-:"}
_WIDTH = 60.0  # em: a wiki is wider than a page of paper, and a formula in it is broken rarely


def markdown(document: Document, language: str = "en") -> str:
    """The document as one text; a figure is told in words.  Raises `ValueError` for a language without words."""
    printer = Printer(document, words(language), _told)
    return "\n\n".join([*printer.opening(), *printer.sections()]) + "\n"


def markdown_files(document: Document, name: str, language: str = "en") -> dict[str, bytes]:
    """The document as `NAME.md`, and its figures as `NAME-figure-1.svg` … beside it."""
    files: dict[str, bytes] = {}

    def beside(number: str, figure: Figure, alternative: str) -> str:
        path = f"{name}-figure-{number}.svg"
        title = words(language).figure.format(number=number)
        files[path] = svg_file(figure.drawing, title, spoken(figure.alternative)).encode()
        return f"![{alternative}]({path})"

    printer = Printer(document, words(language), beside)
    text = "\n\n".join([*printer.opening(), *printer.sections()]) + "\n"
    return {f"{name}.md": text.encode(), **files}


def _told(number: str, figure: Figure, alternative: str) -> str:
    return f"*{alternative}*"


@dataclass
class Printer:
    """Prints blocks in reading order, counting as `Document.marks` does; `pictured` gives the Markdown of a drawing."""

    document: Document
    words: Words
    pictured: Pictured
    numbers: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: count(1)))
    heading: list[int] = field(default_factory=lambda: [0, 0, 0])

    def opening(self) -> Iterator[str]:
        """The title, the line under it and the facts."""
        yield f"# {escape(self.document.title)}"
        if self.document.description:
            yield f"*{_closed(self.inline(self.document.description))}*"
        yield from (self.inline(fact) for fact in self.document.facts)

    def sections(self) -> Iterator[str]:
        """Each section as one text."""
        return (self.section(section) for section in self.document.sections)

    def section(self, section: Section) -> str:
        """A heading and what stands under it."""
        self.heading[section.level - 1] += 1
        self.heading[section.level :] = [0] * (3 - section.level)
        number = ".".join(map(str, self.heading[: section.level]))
        title = f"{_anchor(section.label)}{'#' * (section.level + 1)} {number} {self.inline(section.title)}"
        return "\n\n".join([title, *self.blocks(section.blocks)])

    # Blocks

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Each block as a paragraph or several."""
        return filter(None, map(self.block, blocks))

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(pieces):
                return self.inline(pieces)
            case Equation():
                return self.equation(block)
            case Boxed(title, blocks):
                inside = "\n\n".join([f"**{_closed(self.inline(title))}**", *self.blocks(blocks)])
                return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)
            case Listing():
                caption = f"{self.inline(block.caption)}\n\n" if block.caption else ""
                return caption + fenced(block.source, block.language)
            case Bullets(items, ordered):
                signs = (f"{place}." if ordered else "-" for place in count(1))
                return "\n".join(f"{sign} {self.inline(item)}" for sign, item in zip(signs, items, strict=False))
            case Together(blocks):
                return "\n\n".join(self.blocks(blocks))
            case PageBreak():
                return ""

    # Words

    def inline(self, pieces: Inline) -> str:
        """Pieces side by side; a formula stands apart from letters, digits and other formulas."""
        line = ""
        for piece in pieces:
            part = self.piece(piece)
            line += " " if _touch(line, part) else ""
            line += part if line.strip() else part.lstrip()
        return begun(line.rstrip())

    def piece(self, piece: Piece) -> str:
        match piece:
            case Text(text):
                return escape(text)
            case Emphasis(text, strong):
                return _stressed(escape(text), "**" if strong else "*")
            case Math(box):
                return f"${safe(source(box))}$"
            case Code(text):
                return code(text)
            case Tinted(text):
                return _stressed(escape(text), "**")
            case Gap(number, width):
                return f"<sup>{number}</sup>" + r"\_" * max(4, round(1.5 * width))
            case Ref(label):
                return f"[{escape(self.document.marks[label])}](#{label})"

    # Equations, tables, figures

    def equation(self, equation: Equation) -> str:
        number = next(self.numbers["equation"]) if equation.numbered else 0
        tag = rf" \tag{{{number}}}" if number else ""
        body = safe_lines(aligned(setting(equation, _WIDTH).lines))
        if equation.gap:
            body += rf"{{}}^{{({equation.gap.number})}} \underline{{\hspace{{{equation.gap.width:g}em}}}}"
        formula = f"{_anchor(equation.label)}$$\n{body}{tag}\n$$"
        words = [f"**{escape(equation.name)}**"] if equation.name else []
        words += [self.inline(equation.reason)] if equation.reason else []
        words += [f"${safe(source(equation.shapes))}$"] if equation.shapes is not None else []
        return f"{formula}\n\n{' · '.join(words)}" if words else formula

    def table(self, table: Table) -> str:
        rows = [[self._cell(column.header) for column in table.columns]]
        rows += [[self._cell(cell) for cell in cells] for cells in table.rows]
        lines = [f"| {' | '.join(cells)} |" for cells in rows]
        lines.insert(1, f"| {' | '.join(_ALIGN[column.align] for column in table.columns)} |")
        if not table.caption:
            return "\n".join(lines)
        head = self.words.table.format(number=next(self.numbers["table"]))
        return f"{_anchor(table.label)}**{head}.** {self.inline(table.caption)}\n\n" + "\n".join(lines)

    def _cell(self, pieces: Inline) -> str:
        r"""A cell: a stroke in it is written `\|`, also in code, and it holds no end of line."""
        return re.sub(r"(?<!\\)\|", r"\\|", self.inline(pieces))

    def figure(self, figure: Figure) -> str:
        number = str(next(self.numbers["figure"]))
        drawn = self.pictured(number, figure, escape(spoken(figure.alternative)))
        head = self.words.figure.format(number=number)
        return f"{_anchor(figure.label)}{drawn}\n\n**{head}.** {self.inline(figure.caption)}"


def safe_lines(latex: str) -> str:
    """A formula of one or more lines, none of which begins as a list, a heading or a rule would."""
    lines = [safe(line) for line in latex.split("\n")]
    return "\n".join(f"{{}}{line}" if re.match(r"[-+=*#>\d~`]", line) else line for line in lines)


def _anchor(label: str) -> str:
    return f'<a id="{label}"></a>\n\n' if label else ""


def _touch(before: str, after: str) -> bool:
    """Whether a formula would touch a letter, a digit, a hyphen or another formula."""
    left, right = before[-1:], after[:1]
    if left == "$" and before.count("$") and not before.endswith(r"\$"):
        return right.isalnum() or right in "$-`"
    return right == "$" and (left.isalnum() or left in ("$", "-", "`", "\\"))


def _stressed(text: str, sign: str) -> str:
    """Stressed words; spaces at their ends stay outside, where Markdown wants them."""
    inner = text.strip()
    if not inner:
        return text
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{left}{sign}{inner}{sign}{right}"


def _closed(text: str) -> str:
    """Text to be stressed as a whole: no stress of its own inside."""
    return re.sub(r"(?<!\\)\*+", "", text)
