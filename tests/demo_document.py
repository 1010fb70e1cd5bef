"""A document that holds every kind of block, every kind of box and the hard cases of layout, made by hand."""

from __future__ import annotations

from derive.layout import Accent, BigSum, Box, Cases, Coloured, Fence, Fraction, Glyph, Grid, Root, Row, Scripts
from reports.document import (
    Boxed,
    Bullets,
    Code,
    Column,
    Document,
    Equation,
    Figure,
    Line,
    Listing,
    Math,
    Paragraph,
    Ref,
    Section,
    Table,
    Tinted,
    Together,
    inline,
    lines,
    prose,
)
from reports.figures.drawing import Arrow, Circle, Drawing, Label
from reports.figures.drawing import Line as Stroke

PLUS, MINUS, DOT, ODOT = (Glyph(name, "binary") for name in ("+", "-", r"\cdot", r"\odot"))
EQ = Glyph("=", "relation")
DELTA, SIGMA, PARTIAL = Glyph(r"\delta"), Glyph(r"\sigma"), Glyph(r"\partial")


def number(value: object) -> Glyph:
    return Glyph(str(value), "number")


def beside(*boxes: Box) -> Row:
    return Row(boxes)


def close(*boxes: Box) -> Row:
    return Row(boxes, tight=True)


def at(letter: str, layer: int, *indices: object) -> Box:
    subs = [number(i) if isinstance(i, int) else Glyph(str(i)) for i in indices]
    return Scripts(Glyph(letter), sub=Row(tuple(subs), tight=True) if subs else None, sup=number(layer))


def partial(of: Box, by: Box) -> Box:
    return Fraction(close(PARTIAL, of), close(PARTIAL, by))


def prime(of: Box) -> Box:
    return close(Scripts(SIGMA, sup=Glyph(r"\prime")), Fence(of))


LOSS = Glyph("E")
D3 = Coloured(at(r"\delta", 3), 1)
D3K = Coloured(at(r"\delta", 3, "k"), 1)
D2J = Coloured(at(r"\delta", 2, "j"), 2)
OVER_K = BigSum(
    Glyph("k"), None, beside(partial(LOSS, at("z", 3, "k")), DOT, partial(at("z", 3, "k"), at("z", 2, "j")))
)
BP2 = beside(
    Coloured(at(r"\delta", 2), 2), EQ, Scripts(Fence(at("w", 3)), sup=Glyph(r"\top")), D3, ODOT, prime(at("z", 2))
)
TRANSPOSED = Scripts(Fence(beside(number(3), Glyph(r"\times", "binary"), number(4))), sup=Glyph(r"\top"))
SHAPES = beside(
    number(4),
    Glyph(r"\times", "binary"),
    number(1),
    EQ,
    TRANSPOSED,
    number(3),
    Glyph(r"\times", "binary"),
    number(1),
    ODOT,
    number(4),
    Glyph(r"\times", "binary"),
    number(1),
)


def long_sum(terms: int) -> Box:
    parts: list[Box] = []
    for term in range(1, terms + 1):
        parts += [PLUS] if parts else []
        parts += [at("w", 2, 1, term), prime(at("z", 2, term)), Fence(beside(number(1), MINUS, at("a", 1, term)))]
    return Row(tuple(parts))


def wide_product() -> Box:
    return Row(tuple(at("w", 2, 1, term) for term in range(1, 41)))


def drawing() -> Drawing:
    marks = [Stroke(((10, 10), (70, 30)), "bp2", 0.4), Stroke(((10, 30), (70, 10)), "faint", dashed=True)]
    marks.append(Stroke(((30, 2), (50, 2), (40, 8)), "bp3", 0.3, closed=True, fill="tint"))
    circles = [Circle((x, y), 5, fill="tint") for x in (10, 70) for y in (10, 30)]
    labels = [Label((40, 20), at("w", 2, 1, 2), halo=True), Label((10, 10), at("z", 2, 1)), Label((10, 30), "x")]
    turned = Label((55, 27), "turned words", "above", "quiet", 7, angle=18.4)
    return Drawing(90, 42, (*marks, Arrow((75, 30), (88, 36), "bp1"), *circles, *labels, turned))


def demo() -> Document:
    return Document(
        title="The gradients of a 3-4-3-2 network",
        description=prose("Derived by the chain rule, {s} everywhere, half the squared error as loss", s=SIGMA),
        facts=(prose("31 steps, each rechecked · 100 % of “special” signs: # $ % & _ { } ~ ^ \\ < > | é ß ∂ σ² ≤ …"),),
        sections=(_derivation(), _layout(), _tables(), _code()),
        contents=True,
    )


def _derivation() -> Section:
    return Section(
        inline("From layer 3 back to layer 2"),
        (
            Paragraph(
                prose(
                    "How does the loss change when the pre-activation {z} of a hidden neuron changes? It reaches the "
                    "loss only through the neurons of layer 3, and it reaches *all* of them ({fig}). So the "
                    "**chain rule** gives a sum, one term for each path:",
                    z=at("z", 2, "j"),
                    fig=Ref("sketch"),
                )
            ),
            Equation(
                lines(beside(partial(LOSS, at("z", 2, "j")), EQ, OVER_K)),
                "chain",
                prose("chain rule; the paths through layer 3"),
            ),
            Paragraph(
                prose(
                    "The first factor is known: it is {d} of layer 3. The second follows from the forward equations:",
                    d=D3K,
                )
            ),
            Equation(
                (
                    Line(
                        at("z", 3, "k"),
                        beside(
                            BigSum(Glyph("i"), None, beside(at("w", 3, "k", "i"), SIGMA, Fence(at("z", 2, "i")))),
                            PLUS,
                            at("b", 3, "k"),
                        ),
                    ),
                    Line(
                        partial(at("z", 3, "k"), at("z", 2, "j")), beside(at("w", 3, "k", "j"), prime(at("z", 2, "j")))
                    ),
                ),
                "second",
                prose(
                    "only the term {i} of the sum holds {z}", i=beside(Glyph("i"), EQ, Glyph("j")), z=at("z", 2, "j")
                ),
            ),
            Paragraph(prose("{s} does not depend on {k} and leaves the sum:", s=prime(at("z", 2, "j")), k=Glyph("k"))),
            Equation(
                (
                    Line(
                        D2J,
                        beside(
                            Fence(BigSum(Glyph("k"), None, beside(at("w", 3, "k", "j"), D3K))), prime(at("z", 2, "j"))
                        ),
                    ),
                ),
                "delta",
                prose("by {c} and {s}", c=Ref("chain"), s=Ref("second")),
            ),
            Paragraph(
                prose(
                    "Reading {j} as the row: the sum runs over the *first* index of {w}, so it is the product with "
                    "the transpose, and what stands behind it multiplies row by row:",
                    j=Glyph("j"),
                    w=at("w", 3),
                )
            ),
            Equation(lines(BP2), "bp2", prose("{d}, all rows at once", d=Ref("delta")), SHAPES, "BP2"),
            Figure(
                drawing(),
                prose("A sketch; {d} is {c}.", d=D3, c=Tinted("vermilion", "bp1")),
                "Four circles joined by two lines that cross.",
                "sketch",
            ),
            Boxed(
                prose("The four equations of backpropagation"),
                (
                    Equation(lines(BP2), "box2", (), SHAPES, "BP2"),
                    Equation(
                        lines(beside(partial(LOSS, at("b", 2)), EQ, Coloured(at(r"\delta", 2), 2))),
                        "box3",
                        prose("the bias is added: its factor is 1"),
                        None,
                        "BP3",
                    ),
                ),
            ),
        ),
        label="back",
    )


def _layout() -> Section:
    value = Grid(((number("0.52"), number("1.3")), (number("2.0"), number("0.1"))))
    cases = Cases(
        ((Glyph("z"), beside(Glyph("z"), Glyph(">", "relation"), number(0))), (number(0), Glyph("otherwise", "text")))
    )
    root = Root(beside(Scripts(Accent(Glyph("x"), "bar"), sup=number(2)), PLUS, Accent(Glyph("y"), "hat")))
    return Section(
        prose("Hard cases of layout, {s}", s=SIGMA),
        (
            Paragraph(prose("A sum that is too long is broken before a sign, also where it fills more than one page:")),
            Equation(
                (Line(at("z", 1, 1), long_sum(9)),), "long", prose("a reason that no longer fits beside the formula")
            ),
            Equation((Line(at("z", 1, 1), wide_product()),), "wide", prose("nothing to break at: set smaller")),
            Equation((Line(partial(LOSS, at("w", 1, 1, 2)), long_sum(60)),), "huge", prose("sixty terms")),
            Equation((Line(Grid(((at("z", 1, 1),), (at("z", 1, 2),))), value),), "grid", prose("numbers")),
            Equation((Line(Glyph("f"), cases),), "cases", prose("the word stands upright")),
            Equation((Line(Scripts(Glyph("W"), left_sup=number(3), left_sub=Glyph("l")), root),), "root"),
            Equation((Line(None, LOSS, None),), numbered=False),
            Bullets((prose("a point with {m}", m=at("a", 1)), prose("another, by {r}", r=Ref("huge")))),
            Bullets(
                (prose("first"), prose("second with `code_name` and {c}", c=Code("derive --layers 2,3,1"))),
                ordered=True,
            ),
        ),
        level=1,
    )


def _tables() -> Section:
    wide = prose("a long explanation of what this row means, which has to be broken over several lines of its column")
    return Section(
        inline("Tables"),
        (
            Paragraph(prose("See {t} and {s}.", t=Ref("symbols"), s=Ref("back"))),
            Table(
                (
                    Column(inline("Symbol"), "centre"),
                    Column(inline("Shape"), "right"),
                    Column(inline("Meaning"), wrap=True),
                ),
                tuple((inline(at("w", layer)), inline("3×4"), wide) for layer in (1, 2, 3)),
                prose("The symbols and their shapes"),
                "symbols",
            ),
            Table(
                tuple(Column(inline(f"column {n}"), "right") for n in range(9)),
                tuple(tuple(inline(f"1.234e-{row * n}") for n in range(9)) for row in range(40)),
                prose("Nine columns, forty rows: it runs over a page"),
                "many",
            ),
            Together(
                (
                    Paragraph(prose("A small table stays with its paragraph:")),
                    Table((Column(inline("x")),), ((inline("1"),), (inline("2"),)), prose("Inside"), "inside"),
                )
            ),
        ),
        level=2,
    )


SOURCE = '''import numpy as np

def backward(W, b, x, y):
    """δ of each layer, the last first: δ² = (W³)ᵀ δ³ ⊙ σ′(z²)."""
    z, a = [None], [x]
    for W_l, b_l in zip(W, b):
        z.append(W_l @ a[-1] + b_l); a.append(1 / (1 + np.exp(-z[-1])))
    delta = (a[-1] - y) * a[-1] * (1 - a[-1])   # 'straight' `quotes` -- and \\ backslash {braces} % $ # & ~ ^
    return delta
'''


def _code() -> Section:
    return Section(
        inline("Code with ", Math(SIGMA), " and ", Code("under_score")),
        (
            Paragraph(prose("The engine in `numpy`:")),
            Listing(SOURCE, caption=prose("The backward pass")),
            Listing("x = " + " + ".join(f"long_name_{n}" for n in range(20)) + "\n\n\tindented = 1\n"),
        ),
        level=3,
    )
