"""The LaTeX source of a document: complete, pure ASCII, the same for the same document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from derive.emit.latex import latex
from derive.network import SpecError
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
    POINTS,
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
from reports.tex.drawing import drawing
from reports.tex.escape import code_sign, escape, plain, typed
from reports.tex.preamble import preamble
from reports.wording.language import language

_SIZES = {1.0: "", 0.9: r"\small", 0.8: r"\footnotesize", 0.7: r"\scriptsize", 0.6: r"\tiny"}
_HEADINGS = {1: "section", 2: "subsection", 3: "subsubsection"}
_ALIGN = {"left": "l", "right": "r", "centre": "c"}


def tex(document: Document) -> str:
    """The source of a document; pdfLaTeX, LuaLaTeX and XeLaTeX set it with the packages of a basic TeX Live.

    Raises `SpecError` for a document in another language than English.
    """
    row = language(document.language)
    if not row.native:
        raise SpecError(f"LaTeX does not set {row.name} here; leave tex out of --format, Typst makes the PDF")
    printer = _Printer(document.marks)
    signs = sorted(
        {sign for block in document.blocks if isinstance(block, Listing) for sign in block.source if sign > "~"}
    )
    body = "\n".join([_title(document, printer), *(printer.section(section) for section in document.sections)])
    parts = [
        preamble(used(body)),
        *(rf"\codesign{{{ord(sign):04X}}}{{{code_sign(sign)}}}" for sign in signs),
        rf"\hypersetup{{pdftitle={{{plain(document.title)}}},pdflang={{{document.language}}}}}",
        "\n\\begin{document}",
        body,
        "\\end{document}\n",
    ]
    return "\n".join(parts)


def _title(document: Document, printer: _Printer) -> str:
    lines = [rf"{{\LARGE\bfseries\raggedright {escape(document.title)}\par}}"]
    if document.description:
        lines.append(rf"\smallskip{{\large\itshape\raggedright {printer.inline(document.description)}\par}}")
    if document.facts:
        facts = " \\\\\n".join(printer.inline(fact) for fact in document.facts)
        lines.append(rf"\smallskip{{\quietly\raggedright {facts}\par}}")
    lines.append(r"\medskip{\color{frame}\hrule height 0.8pt}\medskip")
    if document.contents:
        lines.append(r"\contents")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Printer:
    """Prints blocks; `available` is the width of the text in em, `framed` says that no page can end inside."""

    marks: dict[str, str]
    available: float = TEXT
    framed: bool = False

    def section(self, section: Section) -> str:
        label = rf"\label{{{section.label}}}" if section.label else ""
        title = rf"\texorpdfstring{{{self.inline(section.title)}}}{{{plain(_bare(section.title))}}}"
        return f"\n\\{_HEADINGS[section.level]}{{{title}}}{label}\n\n" + self.blocks(section.blocks)

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Blocks one under the other; a formula belongs to the paragraph that introduces it."""
        blocks = tuple(blocks)
        closed = [_between(block, after) for block, after in zip(blocks, (*blocks[1:], None), strict=True)]
        return "".join(self.block(block) + end for block, end in zip(blocks, closed, strict=True))

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
            case Bullets():
                return self.bullets(block)
            case Together(blocks):
                inside = replace(self, framed=True).blocks(blocks)
                return inside if self.framed else f"\\begin{{together}}\n{inside}\\end{{together}}\n"
            case PageBreak(share):
                return "\\clearpage\n" if share >= 1 else f"\\room{{{share:.2f}\\textheight}}\n"

    # Words ---------------------------------------------------------------------------------------------------------

    def inline(self, pieces: Inline) -> str:
        return "".join(self.piece(piece) for piece in pieces)

    def piece(self, piece: Piece) -> str:
        match piece:
            case Text(text):
                return escape(text)
            case Emphasis(text, strong):
                return rf"\{'textbf' if strong else 'emph'}{{{escape(text)}}}"
            case Math(box):
                return f"${latex(box)}$"
            case Code(text):
                return typed(text)
            case Tinted(text, colour):
                return rf"\textcolor{{{colour}}}{{{escape(text)}}}"
            case Gap():
                return _gap(piece)
            case Ref(label):
                word, _, _ = self.marks[label].rpartition(" ")
                return rf"\hyperref[{label}]{{{word}~\ref*{{{label}}}}}" if word else rf"\eqref{{{label}}}"

    def bullets(self, block: Bullets) -> str:
        kind = "enumerate" if block.ordered else "itemize"
        items = "\n".join(rf"\item {self.inline(item)}" for item in block.items)
        return f"\\begin{{{kind}}}\n{items}\n\\end{{{kind}}}\n"

    # Equations -----------------------------------------------------------------------------------------------------

    def equation(self, equation: Equation) -> str:
        set_as = setting(equation, self.available)
        label = rf"\label{{{equation.label}}}" if equation.label else ""
        star = "" if equation.numbered else "*"
        reason = self.reason(equation, r" \\ " if set_as.beside else r"\quad ")
        if set_as.breakable and not self.framed:
            return self.long_equation(set_as, label, star, reason)
        body = _formula(set_as) + (_gap(equation.gap) if equation.gap else "")
        name = escape(equation.name)
        if set_as.beside:
            body = f"\\beside{{{body}}}{{{name}}}{{{reason}}}"
        elif name:
            body = f"\\alone{{{body}}}{{{name}}}"
        below = f"\\below{{{reason}}}\n" if reason and not set_as.beside else ""
        postdisplay = r"\postdisplaypenalty=10000 " if below else ""
        return f"{postdisplay}\\begin{{equation{star}}}{label}\n  {body}\n\\end{{equation{star}}}\n{below}"

    def long_equation(self, set_as: Setting, label: str, star: str, reason: str) -> str:
        """Many lines: a page may end between two of them; the number stands at the first."""
        lines = [_line(line) for line in set_as.lines]
        tails = [label, *([r"\notag"] * (len(lines) - 1))] if not star else [""] * len(lines)
        rows = " \\\\\n  ".join(f"{line} {tail}".rstrip() for line, tail in zip(lines, tails, strict=True))
        size = _size(set_as.scale)
        below = f"\\below{{{reason}}}\n" if reason else ""
        return f"{{{size}\\allowdisplaybreaks\n\\begin{{align{star}}}\n  {rows}\n\\end{{align{star}}}}}\n{below}"

    def reason(self, equation: Equation, gap: str) -> str:
        parts = [self.inline(equation.reason)] if equation.reason else []
        parts += [f"${latex(equation.shapes)}$"] if equation.shapes is not None else []
        return gap.join(parts)

    def boxed(self, block: Boxed) -> str:
        inside = replace(self, available=self.available - FRAME, framed=True)
        high = sum(height(one, inside.available) for one in block.blocks if isinstance(one, Equation))
        frame, content = ("openresults", self) if high > MOST_HEIGHT else ("results", inside)
        title = self.inline(block.title)
        return f"\\begin{{{frame}}}{{{title}}}\n{content.blocks(block.blocks)}\\end{{{frame}}}\n"

    # Tables, figures, code -----------------------------------------------------------------------------------------

    def table(self, table: Table) -> str:
        set_as = table_setting(table, self.available)
        columns = [
            rf"R{{{share * POINTS:.1f}pt}}" if share is not None else _ALIGN[column.align]
            for share, column in zip(set_as.widths, table.columns, strict=True)
        ]
        spec = "@{}" + rf"@{{\hspace{{{set_as.gutter:g}em}}}}".join(columns) + "@{}"
        header = " & ".join(rf"\textbf{{{self.inline(column.header)}}}" for column in table.columns)
        end = r"\\*" if len(table.rows) <= 12 else r"\\"
        rows = [" & ".join(self.inline(cell) for cell in cells) for cells in table.rows]
        body = f" {end}\n".join(rows)
        caption = self.table_caption(table)
        head = f"\\thick\n\\strutted {header} \\\\*\n\\thin"
        size = _SIZES[set_as.scale]
        if self.framed:
            inner = f"\\inframe\\begin{{tabular}}{{{spec}}}\n{head}\n{body} \\\\\n\\thick\n\\end{{tabular}}"
            return f"{{{size}\\par\\noindent {caption}\\par\n{inner}\\par}}\n"
        top = f"{caption} \\\\*[0.4em]\n" if caption else ""
        uncounted = "" if caption else "\\addtocounter{table}{-1}"
        return (
            f"{{{size}{uncounted}\n\\begin{{longtable}}[l]{{{spec}}}\n{top}{head}\n\\endfirsthead\n{head}\n\\endhead\n"
            f"{body} \\\\*\n\\closing\n\\end{{longtable}}}}\n"
        )

    def table_caption(self, table: Table) -> str:
        if not table.caption:
            return ""
        label = rf"\label{{{table.label}}}" if table.label else ""
        number, text = rf"{label}Table \thetable", self.inline(table.caption)
        if self.framed:
            return rf"\captioned{{\refstepcounter{{table}}{number}}}{{{text}}}"
        return rf"\tablecaption{{{len(table.columns)}}}{{{number}}}{{{text}}}"

    def figure(self, figure: Figure) -> str:
        label = rf"\label{{{figure.label}}}" if figure.label else ""
        words = "\n".join(f"% {line}" for line in escape(figure.alternative).split("\n"))
        caption = rf"\captioned{{Figure \thefigure}}{{{self.inline(figure.caption)}}}"
        scale = figure_scale(figure.drawing.width, self.available)
        drawn = drawing(figure.drawing) if scale == 1 else f"\\scalebox{{{scale:g}}}{{{drawing(figure.drawing)}}}"
        if not self.framed:
            return f"{words}\n\\pictured{{{label}}}{{%\n{drawn}}}{{{caption}}}\n\\addvspace{{0.8\\baselineskip}}\n"
        below = f"\\medskip\\underneath{{{caption}}}"
        return f"{words}\n\\begin{{center}}\\refstepcounter{{figure}}{label}\n{drawn}\n\n{below}\n\\end{{center}}\n"

    def listing(self, listing: Listing) -> str:
        size, columns = listing_size(listing.source, self.available)
        source = "\n".join(wrapped(listing.source, columns))
        # The one text that would end a verbatim early cannot occur in the code of a network; split it all the same.
        source = source.replace("\\end{verbatim}", "\\end {verbatim}")
        caption = f"{{\\small {self.inline(listing.caption)}\\par\\nobreak}}\n" if listing.caption else ""
        size_name = {9: r"\footnotesize", 8: r"\scriptsize"}[size]
        verbatim = f"\\begin{{verbatim}}\n{source}\n\\end{{verbatim}}"
        printed = f"{caption}\\begin{{listing}}{{{size_name}}}\n{verbatim}\n\\end{{listing}}\n"
        if self.framed:
            return printed
        if not listing_whole(listing.source):
            return f"\\room{{6\\baselineskip}}\n{printed}"
        return f"\\begin{{together}}\n{printed}\\end{{together}}\n"


def _between(block: Block, after: Block | None) -> str:
    """What separates two blocks: a formula stays in the paragraph before it, and stands apart from another formula."""
    if isinstance(after, Equation) and isinstance(block, Paragraph | Equation | Together):
        return "" if isinstance(block, Paragraph) else "\n\\vspace{\\apart}\n"
    if isinstance(block, Paragraph) and isinstance(after, Listing):
        return "\\par\\nobreak\n"
    return "\n"


def _gap(gap: Gap) -> str:
    """A rule that stands on the line, its number raised before it."""
    return rf"\mbox{{\textsuperscript{{{gap.number}}}\,\rule[-0.4ex]{{{gap.width:g}em}}{{0.4pt}}\rule{{0pt}}{{3.4ex}}}}"


def _formula(set_as: Setting) -> str:
    if len(set_as.lines) == 1:
        only = set_as.lines[0]
        body = " ".join(latex(part) for part in (only.lhs, only.relation, only.rhs) if part is not None)
    else:
        rows = " \\\\\n    ".join(_line(line) for line in set_as.lines)
        body = f"\\begin{{aligned}}\n    {rows}\n  \\end{{aligned}}"
    if set_as.scale < 1:
        return rf"\scalebox{{{set_as.scale:g}}}{{$\displaystyle {body}$}}"
    return body


def _line(line: Line) -> str:
    left = latex(line.lhs) + " " if line.lhs is not None else ""
    if line.relation is None:
        inset = r"\quad " if line.lhs is None else ""
        return f"{left}&{inset}{latex(line.rhs)}"
    return f"{left}&{latex(line.relation)} {latex(line.rhs)}"


def _size(scale: float) -> str:
    return next(name for least, name in sorted(_SIZES.items(), reverse=True) if least <= scale)


def _bare(pieces: Inline) -> str:
    """The words of a title, for the outline of the file; formulas are left to the reader of the page."""
    return "".join(piece.text for piece in pieces if not isinstance(piece, Math | Ref | Gap)).strip() or "Formula"
