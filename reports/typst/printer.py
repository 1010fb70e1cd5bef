"""The Typst source of a document: complete, without packages, the same for the same document."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from derive.emit.typst import typst as formula
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
    Line,
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
from reports.fitting import (
    FRAME,
    MOST_HEIGHT,
    TEXT,
    Setting,
    figure_scale,
    height,
    listing_size,
    listing_whole,
    setting,
    table_setting,
    wrapped,
)
from reports.palette import used
from reports.typst.drawing import drawing
from reports.typst.preamble import preamble

_ALIGN = {"left": "left", "right": "right", "centre": "center"}
END = "<end-of-all>"
"""The label of where a document ends: its page, and how far down that is in millimetres."""
_END = f"#context [#metadata((page: here().page(), y: here().position().y / 1mm)) {END}]\n"
_MARKUP = set("\\#$*_`<>@=-+/~'\"[]{}")


def typst(document: Document, family: str = "") -> str:
    """The source of a document; Typst 0.13 and later set it with the fonts that it brings.

    A document in another language than English needs a font `family` with its letters besides.
    """
    printer = _Printer(document.marks)
    body = "\n".join([_opening(document, printer), *(printer.section(section) for section in document.sections)])
    return preamble(quoted(document.title), used(body), document.language, family) + f"\n{body}\n{_END}"


def escape(text: str) -> str:
    """Text as markup that prints it sign for sign."""
    return "".join(f"\\{letter}" if letter in _MARKUP else " " if letter < " " else letter for letter in text)


def quoted(text: str) -> str:
    """Text as a string of Typst."""
    return json.dumps(text, ensure_ascii=False)


def _opening(document: Document, printer: _Printer) -> str:
    description = f"[{printer.inline(document.description)}]" if document.description else "none"
    facts = "".join(f"[{printer.inline(fact)}], " for fact in document.facts)
    contents = "\n#contents\n" if document.contents else ""
    return f"\n#opening([{escape(document.title)}], {description}, ({facts}))\n{contents}"


@dataclass(frozen=True)
class _Printer:
    """Prints blocks in reading order, counting as it goes, as `Document.marks` does.

    `available` is the width of the text in em, `framed` says that no page can end inside.
    """

    marks: dict[str, str]
    numbers: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: count(1)))
    available: float = TEXT
    framed: bool = False

    def section(self, section: Section) -> str:
        return f"\n{'=' * section.level} {self.inline(section.title)}{_label(section.label)}\n\n" + self.blocks(
            section.blocks
        )

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Blocks one under the other; a paragraph that introduces a formula or a table stays with it."""
        blocks = tuple(blocks)
        return "\n".join(
            self.sticky(block)
            if isinstance(block, Paragraph) and isinstance(after, Equation | Table | Listing)
            else self.block(block)
            for block, after in zip(blocks, (*blocks[1:], None), strict=True)
        )

    def sticky(self, paragraph: Paragraph) -> str:
        return f"#block(sticky: true, par[{self.inline(paragraph.pieces)}])\n"

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(pieces):
                return self.inline(pieces) + "\n"
            case Equation():
                return self.equation(block)
            case Boxed():
                return self.boxed(block)
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)
            case Listing():
                return self.listing(block)
            case Bullets(items, ordered):
                sign = "+" if ordered else "-"
                return "\n".join(f"{sign} {self.inline(item)}" for item in items) + "\n"
            case Together(blocks):
                return f"#block(breakable: false)[\n{replace(self, framed=True).blocks(blocks)}]\n"
            case PageBreak(share):
                return "#pagebreak(weak: true)\n" if share >= 1 else f"#room({share:.2f})\n"

    # Words

    def inline(self, pieces: Inline) -> str:
        return "".join(self.piece(piece) for piece in pieces)

    def piece(self, piece: Piece) -> str:
        match piece:
            case Text(text):
                return escape(text)
            case Emphasis(text, strong):
                return f"#{'strong' if strong else 'emph'}[{escape(text)}];"  # or a ; or ( behind it is taken as code
            case Math(box):
                return f"${formula(box)}$"
            case Code(text):
                return f"#raw({quoted(text)});"
            case Tinted(text, colour):
                return f"#text(fill: {colour})[{escape(text)}];"
            case Gap():
                return _gap(piece)
            case Ref(label):
                return f"#link(<{label}>)[{escape(self.marks[label]).replace(' ', '~')}];"

    # Equations

    def equation(self, equation: Equation) -> str:
        set_as = setting(equation, self.available)
        given = {
            "number": str(next(self.numbers["equation"])) if equation.numbered else "",
            "name": f"[{escape(equation.name)}]" if equation.name else "",
            "reason": f"[{self.inline(equation.reason)}]" if equation.reason else "",
            "shapes": f"${formula(equation.shapes)}$" if equation.shapes is not None else "",
            "beside": "true" if set_as.beside else "",
            "scale": f"{set_as.scale:g}" if set_as.scale < 1 else "",
            "part": "true" if set_as.breakable and not self.framed else "",
        }
        named = "".join(f", {name}: {value}" for name, value in given.items() if value)
        return f"#equation({_lines(set_as, equation.gap)}{named}){_label(equation.label)}\n"

    def boxed(self, block: Boxed) -> str:
        inside = replace(self, available=self.available - FRAME, framed=True)
        high = sum(height(one, inside.available) for one in block.blocks if isinstance(one, Equation))
        part = high > MOST_HEIGHT
        inside = replace(inside, framed=not part)
        return f"#results([{self.inline(block.title)}], {_truth(part)})[\n{inside.blocks(block.blocks)}]\n"

    # Tables, figures, code

    def table(self, table: Table) -> str:
        set_as = table_setting(table, self.available)
        columns = "".join(f"{share:.2f}fr, " if share is not None else "auto, " for share in set_as.widths)
        aligned = "".join(f"{_ALIGN[column.align]}, " for column in table.columns)
        header = "".join(f"[{self.inline(column.header)}], " for column in table.columns)
        rows = ["".join(f"[{self.inline(cell)}], " for cell in cells) for cells in table.rows]
        whole = self.framed or len(rows) <= 12
        parts = [f"({columns}), ({aligned}), {set_as.scale:g}, {set_as.gutter:g}em, ({header}), (\n{_indented(rows)})"]
        if table.caption:
            parts.append(f"number: {next(self.numbers['table'])}, caption: [{self.inline(table.caption)}]")
        return f"#tabled({', '.join(parts)}, whole: {_truth(whole)}){_label(table.label)}\n"

    def figure(self, figure: Figure) -> str:
        number, caption = next(self.numbers["figure"]), self.inline(figure.caption)
        scale = figure_scale(figure.drawing.width, self.available)
        drawn = drawing(figure.drawing)
        if scale < 1:
            drawn = f"std.scale({100 * scale:g}%, reflow: true, {drawn})"
        return f"#pictured({drawn}, {number}, [{caption}], {quoted(figure.alternative)}){_label(figure.label)}\n"

    def listing(self, listing: Listing) -> str:
        size, columns = listing_size(listing.source, self.available)
        source = quoted("\n".join(wrapped(listing.source, columns)))
        caption = f"#block(sticky: true, text(10pt)[{self.inline(listing.caption)}])\n" if listing.caption else ""
        return f"{caption}#listing({source}, {size}, {_truth(listing_whole(listing.source))})\n"


def _label(label: str) -> str:
    return f" <{label}>" if label else ""


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _indented(rows: list[str]) -> str:
    return "".join(f"  {row}\n" for row in rows)


def _gap(gap: Gap) -> str:
    """A line at the foot of a box, its number raised before it."""
    return f"#box[#super[{gap.number}]#h(0.15em)#box(width: {gap.width:g}em, height: 1.3em, stroke: (bottom: 0.4pt))];"


def _lines(set_as: Setting, gap: Gap | None = None) -> str:
    """The formula between dollar signs, lines aligned at their relations."""
    aligned = len(set_as.lines) > 1
    return "$ " + " \\\n  ".join(_line(line, aligned) for line in set_as.lines) + (_gap(gap) if gap else "") + " $"


def _line(line: Line, aligned: bool) -> str:
    left = formula(line.lhs) if line.lhs is not None else ""
    mark = "&" if aligned else ""
    if line.relation is None:
        # The empty word makes a sign at the start of a line one between operands, with the space it needs.
        inset = 'quad "" ' if aligned and line.lhs is None else ""
        return f"{left} {mark}{inset}{formula(line.rhs)}"
    return f"{left} {mark}{formula(line.relation)} {formula(line.rhs)}"
