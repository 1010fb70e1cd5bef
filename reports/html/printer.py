"""The blocks of a document as HTML: sections that unfold, equations with their reasons, tables, figures, programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from derive.emit.plain import plain
from derive.layout import Box
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
from reports.html.formulas import Reached, definitions, display, inline_math, quantities, seen, tint
from reports.html.svg import svg
from reports.html.text import attribute, escape, spoken
from reports.html.theme import text_variable
from reports.html.words import Words

WIDE, NARROW = 41.0, 24.0  # the widths of the text in em, for which formulas are broken: a page, and a telephone
BUTTON = 2.0  # what the button takes of a telephone
MOST_PREMISES = 12  # more equations than that are not shown under a step


@dataclass(frozen=True)
class Heading:
    """A section's place in the table of contents."""

    level: int
    number: str
    name: str
    title: str


@dataclass
class Printer:
    """Prints blocks in reading order, counting as `Document.marks` does; `headings` grows as it goes."""

    document: Document
    words: Words
    headings: list[Heading] = field(default_factory=list)
    numbers: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: count(1)))
    names: Iterator[int] = field(default_factory=lambda: count(1))
    defines: dict[int, str] = field(init=False)
    quantities: dict[str, Box] = field(init=False)

    def __post_init__(self) -> None:
        self.defines = {id(one): name for name, one in definitions(self.document.blocks).items()}
        self.quantities = quantities(self.document.blocks)

    def told(self, box: Box) -> str:
        """A quantity in words, for those who hear the page or speak to it, in the letters that are seen: δL, not δᴸ."""
        return self.words.mark.format(quantity=seen(box))

    # Sections

    def sections(self) -> str:
        """All sections; one of a deeper level stands inside the one above it, and can be folded away."""
        parts: list[str] = []
        depth: list[int] = []
        heading = [0, 0, 0]
        for section in self.document.sections:
            heading[section.level - 1] += 1
            heading[section.level :] = [0] * (3 - section.level)
            while depth and depth[-1] >= section.level:
                parts.append(_closed(depth.pop()))
            depth.append(section.level)
            parts.append(self._opened(section, ".".join(map(str, heading[: section.level])), len(depth)))
            parts.append(self.blocks(section.blocks))
        parts += [_closed(level) for level in reversed(depth)]
        return "\n".join(parts)

    def _opened(self, section: Section, number: str, nested: int) -> str:
        name = section.label or f"_s{number}"
        title = self.inline(section.title)
        self.headings.append(Heading(section.level, number, name, title))
        # Headings follow each other without a gap, also where a document leaves a level out.
        rank = min(nested, 3) + 1
        head = f'<h{rank} id="{name}"><span class="number">{number}</span> {title}</h{rank}>'
        return f"<section>{head}" if section.level == 1 else f'<details class="part" open><summary>{head}</summary>'

    # Blocks

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Blocks one under the other."""
        return "\n".join(filter(None, map(self.block, blocks)))

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(pieces):
                return f"<p>{self.inline(pieces)}</p>"
            case Equation():
                return self.equation(block)
            case Boxed(title, blocks):
                return f'<div class="boxed"><p class="title">{self.inline(title)}</p>\n{self.blocks(blocks)}\n</div>'
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)
            case Listing():
                return self.listing(block)
            case Bullets(items, ordered):
                kind = "ol" if ordered else "ul"
                return f"<{kind}>{''.join(f'<li>{self.inline(item)}</li>' for item in items)}</{kind}>"
            case Together(blocks):
                return f'<div class="together">\n{self.blocks(blocks)}\n</div>'
            case PageBreak(share):
                return '<div class="page"></div>' if share >= 1 else ""

    # Words

    def inline(self, pieces: Inline) -> str:
        return "".join(self.piece(piece) for piece in pieces)

    def piece(self, piece: Piece) -> str:
        match piece:
            case Text(text):
                return escape(text)
            case Emphasis(text, strong):
                kind = "strong" if strong else "em"
                return f"<{kind}>{escape(text)}</{kind}>"
            case Math(box):
                return inline_math(box)
            case Code(text):
                return f"<code>{escape(text)}</code>"
            case Tinted(text, colour):
                return f'<span class="c-{text_variable(colour)}">{escape(text)}</span>'
            case Gap():
                return self.gap(piece)
            case Ref(label):
                return f'<a href="#{label}">{escape(self.document.marks[label])}</a>'

    def gap(self, gap: Gap) -> str:
        """An underlined blank, which those who hear the page are told as its number."""
        told = attribute(self.words.gap.format(number=gap.number))
        blank = "\u00a0" * round(2.6 * min(gap.width, 24))
        return f'<span class="gap" role="img" aria-label="{told}"><sup>{gap.number}</sup><u>{blank}</u></span>'

    # Equations

    def equation(self, equation: Equation) -> str:
        number = str(next(self.numbers["equation"])) if equation.numbered else ""
        name = equation.label or f"_e{next(self.names)}"
        said = self.words.equation.format(number=number) if number else self.words.formula
        spoken_name = f"{said}, {equation.name}" if equation.name else said
        defines = self.defines.get(id(equation))
        mark = f' data-defines="{defines}"' if defines else ""
        return (
            f'<div class="eq" id="{name}" role="group" aria-label="{attribute(spoken_name)}"{mark}>'
            f'<div class="formula{" open" if equation.gap else ""}">{self._formulas(equation)}</div>'
            f"{self._side(equation, number, name)}"
            f"{self._reason(equation)}</div>"
        )

    def _formulas(self, equation: Equation) -> str:
        if equation.gap is None:
            return _formulas(equation)
        return display(setting(equation, WIDE).lines, equation.lines, block=False) + self.gap(equation.gap)

    def _side(self, equation: Equation, number: str, name: str) -> str:
        """The equation's name, its number as a link to itself, and the button that copies its LaTeX."""
        label = self.words.copy_equation.format(number=number) if number else self.words.copy_formula
        shown = f'<strong class="name">{escape(equation.name)}</strong>' if equation.name else ""
        link = f'<a class="mark" href="#{name}">({number})</a>' if number else ""
        return f'<div class="side">{shown}{link}{self.button(self.words.copy, label, "LaTeX")}</div>'

    def button(self, text: str, label: str, short: str = "") -> str:
        """A button, which the page hides where no script runs; a telephone shows the `short` text."""
        words = f'<span class="long">{escape(text)}</span><span class="short">{short}</span>' if short else escape(text)
        return f'<button type="button" class="copy" aria-label="{attribute(label)}">{words}</button>'

    def _reason(self, equation: Equation) -> str:
        reason = f'<span class="words">{self.inline(equation.reason)}</span>' if equation.reason else ""
        shapes = f'<span class="shapes">{inline_math(equation.shapes)}</span>' if equation.shapes is not None else ""
        return f'<div class="reason">{reason}{shapes}{self._rests(equation)}</div>' if reason or shapes else ""

    def _rests(self, equation: Equation) -> str:
        """The equations that a step rests on, to be unfolded beneath it; a script puts their formulas there."""
        marks = self.document.marks
        labels = dict.fromkeys(
            one.label for one in equation.reason if isinstance(one, Ref) and marks[one.label].startswith("(")
        )
        if not labels or len(labels) > MOST_PREMISES:
            return ""
        items = "".join(f'<li data-of="{one}"><a href="#{one}">{escape(marks[one])}</a></li>' for one in labels)
        return f'<details class="rests"><summary>{escape(self.words.rests)}</summary><ul>{items}</ul></details>'

    # Tables, figures, programs

    def table(self, table: Table) -> str:
        number = str(next(self.numbers["table"])) if table.caption else ""
        name = table.label or f"_t{next(self.names)}"
        caption = self._caption(self.words.table, number, table.caption, "p", f"{name}-caption")
        heads = "".join(
            f'<th scope="col" class="{column.align}"{_spoken(column.header)}>{self.inline(column.header)}</th>'
            if column.header
            else "<td></td>"
            for column in table.columns
        )
        kinds = [f"{column.align}{' wrap' if column.wrap else ''}" for column in table.columns]
        rows = "\n".join(
            "<tr>"
            + "".join(f'<td class="{kind}">{self.inline(cell)}</td>' for kind, cell in zip(kinds, cells, strict=True))
            + "</tr>"
            for cells in table.rows
        )
        labelled = f'aria-labelledby="{name}-caption"' if table.caption else f'aria-label="{attribute(self._plain())}"'
        # The caption stands outside, where it neither widens the table nor moves away with it.
        return (
            f'{caption}<div class="scroll table" id="{name}" role="group" {labelled}><table {labelled}>'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
        )

    def _plain(self) -> str:
        return self.words.table.format(number="").strip()

    def _caption(self, kind: str, number: str, caption: Inline, element: str, name: str = "") -> str:
        if not caption:
            return ""
        told = f' class="caption" id="{name}"' if name else ""
        head = self.words.captioned.format(kind=escape(kind.format(number=number)))
        return f"<{element}{told}>{head}{self.inline(caption)}</{element}>"

    def figure(self, figure: Figure) -> str:
        number = str(next(self.numbers["figure"]))
        name = figure.label or f"_f{next(self.names)}"
        drawn = svg(figure.drawing, self.words.figure.format(number=number), spoken(figure.alternative), name, tint)
        caption = self._caption(self.words.figure, number, figure.caption, "figcaption")
        return f'<figure id="{name}"><div class="scroll">{drawn}</div>{caption}</figure>'

    def listing(self, listing: Listing) -> str:
        caption = f'<p class="caption">{self.inline(listing.caption)}</p>' if listing.caption else ""
        button = self.button(self.words.copy_short, self.words.copy_code)
        code = f'<pre class="scroll" role="group" aria-label="{attribute(self.words.code_block)}">'
        return f'{caption}<div class="listing">{button}{code}<code>{escape(listing.source)}</code></pre></div>'


def _spoken(pieces: Inline) -> str:
    """A formula alone in the head of a column has a name in words: not every reader takes a formula for content."""
    formulas = [piece.box for piece in pieces if isinstance(piece, Math)]
    return f' aria-label="{attribute(" ".join(map(plain, formulas)))}"' if len(formulas) == len(pieces) else ""


def _closed(level: int) -> str:
    return "</section>" if level == 1 else "</details>"


def _formulas(equation: Equation) -> str:
    """The formula broken for a page, and where that is too wide for a telephone once more for that."""
    wide, narrow = (setting(equation, width).lines for width in (WIDE, NARROW - BUTTON))
    if wide == narrow:
        return display(wide, equation.lines, reached=Reached())
    return display(wide, equation.lines, ' class="wide"', Reached()) + display(
        narrow, equation.lines, ' class="narrow"', Reached()
    )
