r"""Prints expressions as LaTeX, in a notation and in the hand of a random author; independent of `derive`'s printers.

The order of what is printed is that of the expression; brackets stand where the grammar of the contract needs them
(a product binds tighter than ⊙, which binds tighter than +; Σ reaches to the next + or −).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Protocol

from tests.generator import expressions as x
from tests.generator.spelling import Style, shown

SUM, LOOSE, TIGHT, ATOM = range(4)
FACTOR, ALL = 1, 2


class Namer(Protocol):
    """Writes quantities."""

    def quantity(self, ref: x.Ref) -> str: ...
    def has_layer(self, ref: x.Ref) -> bool: ...
    def size(self, space: x.Layer | str) -> str: ...


@dataclass(frozen=True)
class Text:
    """LaTeX, how tightly it binds, and what that follows would be swallowed: a factor, or what stands behind ⊙ too."""

    text: str
    binds: int = ATOM
    open: int = 0


class Printer:
    """Prints nodes with the names of a world in a style; `rng` decides what an author does now and then."""

    def __init__(self, names: Namer, style: Style, rng: random.Random) -> None:
        self.names, self.style, self.rng = names, style, rng

    def __call__(self, node: x.Node) -> str:
        return self.text(node).text

    def text(self, node: x.Node) -> Text:
        """A node with how it binds."""
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    # --- brackets ---

    def fenced(self, text: str, function: bool = False) -> str:
        """What is in brackets."""
        kind = self.style.bracket
        if function:
            kind = {"square": "plain", "mixed": "plain"}.get(kind, kind)
        if kind == "mixed":
            kind = self.rng.choice(("plain", "left", "square", "big"))
        if kind == "plain" and r"\frac" in text and self.rng.random() < 0.4:
            kind = "left"
        opens, closes = {"plain": ("(", ")"), "left": (r"\left(", r"\right)"), "big": (r"\bigl(", r"\bigr)"),
                         "square": ("[", "]")}[kind]  # fmt: skip
        if kind == "square" and "[" in text:
            opens, closes = r"\left[", r"\right]"
        return f"{opens}{text}{closes}"

    def at_least(self, node: x.Node, binds: int, last: bool = True, least: int = FACTOR) -> str:
        """A node, in brackets where it binds less, or where it would swallow what follows."""
        found = self.text(node)
        return found.text if found.binds >= binds and (last or found.open < least) else self.fenced(found.text)

    # --- leaves ---

    def _num(self, node: x.Num) -> Text:
        value = abs(node.value)
        if value.denominator == 1:
            text = str(value)
        elif node.decimal:
            text = f"{float(value):g}"
        else:
            small = value.numerator < 10 > value.denominator
            text = rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
            if small and self.style.division == "tfrac":
                text = rf"\tfrac{value.numerator}{value.denominator}"
        return Text(f"-{text}", SUM) if node.value < 0 else Text(text)

    def _scalar(self, node: x.Scalar) -> Text:
        return Text(self.names.quantity(node))

    def _const(self, node: x.Const) -> Text:
        return Text(node.name)

    def _size(self, node: x.Size) -> Text:
        return Text(self.names.size(node.space))

    def _ref(self, node: x.Ref) -> Text:
        if node.role == "delta" and self.style.notation in ("goodfellow", "ng") and not self.style.delta_form:
            return self.text(x.D(x.LOSS, x.Ref("z", node.layer, node.at)))
        return Text(self.names.quantity(node))

    def _kron(self, node: x.Kron) -> Text:
        if self.style.kronecker == "indicator":
            return Text(rf"\mathbb{{1}}[{node.left} = {node.right}]")
        return Text(rf"\delta_{{{node.left}{node.right}}}")

    def _tag(self, node: x.Tag) -> Text:
        return self.text(node.body)

    # --- sums and products ---

    def _add(self, node: x.Add) -> Text:
        parts = []
        for n, term in enumerate(node.terms):
            found = self.text(term)
            if isinstance(term, x.Add):
                found = Text(self.fenced(found.text))
            minus = found.text.startswith("-")
            parts.append(found.text if n == 0 else f"- {found.text[1:].lstrip()}" if minus else f"+ {found.text}")
        return Text(" ".join(parts), SUM)

    def _neg(self, node: x.Neg) -> Text:
        return Text(f"-{self.at_least(node.body, LOOSE)}", SUM, self.text(node.body).open)

    def flat(self, node: x.Node, kind: type) -> list[x.Node]:
        """The factors of a product within a product of the same kind."""
        while isinstance(node, x.Tag) and isinstance(node.body, kind):
            node = node.body
        return [part for one in node.factors for part in self.flat(one, kind)] if isinstance(node, kind) else [node]

    def _mul(self, node: x.Mul) -> Text:
        factors = self.flat(node, x.Mul)
        if isinstance(factors[0], x.Num) and factors[0].value < 0:
            positive = x.mul(x.Num(-factors[0].value, factors[0].decimal), *factors[1:])
            found = self.text(positive)
            return Text(f"-{found.text}", SUM, found.open)
        texts = [self.at_least(one, ATOM, n == len(factors) - 1) for n, one in enumerate(factors)]
        text = texts[0]
        for one in texts[1:]:
            digit = one[0].isdigit() or (one.startswith(r"\frac") and text[-1:].isdigit())
            text += (r" \cdot " if digit else self.style.gap) + one
        return Text(text, TIGHT, self.text(factors[-1]).open)

    def _had(self, node: x.Had) -> Text:
        factors = self.flat(node, x.Had)
        texts = [self.at_least(one, TIGHT, n == len(factors) - 1, ALL) for n, one in enumerate(factors)]
        return Text(f" {self.style.odot} ".join(texts), LOOSE, self.text(factors[-1]).open)

    def _over(self, node: x.Over) -> Text:
        return Text(rf"{self.at_least(node.above, TIGHT, False)} \oslash {self.at_least(node.below, ATOM)}", LOOSE - 1)

    def _outer(self, node: x.Outer) -> Text:
        left, right = self.at_least(node.left, ATOM, False), self.at_least(node.right, ATOM)
        return Text(rf"{left} \otimes {right}", LOOSE - 1)

    def _div(self, node: x.Div) -> Text:
        above, below = self.text(node.above), self.text(node.below)
        if (
            self.style.division == "slash"
            and below.binds == ATOM
            and above.binds >= TIGHT
            and not above.open + below.open
        ):
            return Text(f"{above.text} / {below.text}", TIGHT - 1)
        command = {"dfrac": r"\dfrac", "tfrac": r"\tfrac"}.get(self.style.division, r"\frac")
        return Text(rf"{command}{{{above.text}}}{{{below.text}}}")

    def _pow(self, node: x.Pow) -> Text:
        exponent = str(node.exponent)
        known = {"tanh": r"\tanh", "cosh": r"\cosh", "sech": r"\operatorname{sech}"}
        if isinstance(node.base, x.Fn) and node.base.name in known and self.rng.random() < 0.7:
            return Text(f"{known[node.base.name]}^{exponent}{self.fenced(self(node.base.arg), True)}")
        base = self.text(node.base)
        bare = isinstance(node.base, x.Num | x.Const) and base.text.isalnum()
        text = base.text if bare or isinstance(node.base, x.Norm) else self.fenced(base.text)
        return Text(f"{text}^{exponent}" if len(exponent) == 1 else f"{text}^{{{exponent}}}")

    def _sum(self, node: x.Sum) -> Text:
        under = f"{{{node.letter}}}" if self.rng.random() < 0.3 else node.letter
        if node.limits:
            size = self.names.size(node.space)
            under = f"{{{node.letter}=1}}^{size if len(size) == 1 else f'{{{size}}}'}"
        return Text(rf"\sum_{under} {self.at_least(node.body, TIGHT)}", ATOM, ALL)

    # --- of arrays ---

    def _tr(self, node: x.Tr) -> Text:
        sign = self.style.transpose
        mark = f"^{sign}" if sign.startswith(("\\", "{")) or len(sign) == 1 else f"^{{{sign}}}"
        if sign == r"\mathsf{T}":
            mark = rf"^{{{sign}}}"
        body = self.text(node.body)
        if isinstance(node.body, x.Ref) and body.binds == ATOM and not body.text.startswith("\\frac"):
            if not self.names.has_layer(node.body):
                return Text(f"{body.text}{mark}")
            inside = self.style.transpose_at in ("inside", "braces") and self.style.place in ("round", "square")
            closed = re.fullmatch(r"(.*\^\{[(\[][^{}]*[)\]])\}", body.text)
            if inside and closed:
                sign = r"\top" if sign == r"{\top}" else sign
                return Text(closed[1] + (f"^{sign}}}" if self.style.transpose_at == "braces" else f"{sign}}}"))
        fence = (r"\left({}\right)" if self.style.transpose_at == "left" else "({})").format(body.text)
        return Text(f"{fence}{mark}")

    def _diag(self, node: x.Diag) -> Text:
        return Text(self.style.diag + self.fenced(self(node.body), True))

    def _dot(self, node: x.Dot) -> Text:
        if self.style.kronecker == "indicator":
            return Text(rf"\langle {self(node.left)}, {self(node.right)} \rangle")
        return Text(f"{self(x.Tr(node.left))} {self.at_least(node.right, ATOM)}", TIGHT - 1)

    def _norm(self, node: x.Norm) -> Text:
        inner = self(node.body)
        return Text(rf"\lVert {inner} \rVert" if self.style.absolute == "lvert" else rf"\| {inner} \|")

    def _trace(self, node: x.Trace) -> Text:
        return Text(r"\operatorname{tr}" + self.fenced(self(node.body), True))

    # --- functions ---

    def _fn(self, node: x.Fn) -> Text:
        inner = self(node.arg)
        if node.name == "exp" and self.style.exponential == "e":
            return Text(f"e^{{{inner}}}")
        if node.name == "abs":
            opens, closes = {"bar": ("|", "|"), "lvert": (r"\lvert ", r"\rvert "), "left": (r"\left|", r"\right|")}[
                self.style.absolute]  # fmt: skip
            return Text(f"{opens}{inner}{closes}")
        if node.name == "sqrt":
            return Text(rf"\sqrt{{{inner}}}")
        if node.name == "relu":
            return Text(r"\max" + self.fenced(f"0, {inner}", True))
        name = {"exp": r"\exp", "log": self.style.logarithm, "sign": self.style.sign, "tanh": r"\tanh",
                "cosh": r"\cosh", "sin": r"\sin", "cos": r"\cos"}  # fmt: skip
        return Text(name.get(node.name, rf"\operatorname{{{node.name}}}") + self.fenced(inner, True))

    def function(self, layer: x.Layer) -> str:
        """The activation function's name, with its layer where the author writes one."""
        if self.style.function_layer and self.style.function == "g":
            return f"g^{{[{shown(layer, 0)}]}}"
        return self.style.function

    def _act(self, node: x.Act) -> Text:
        return Text(self.function(node.layer) + self.fenced(self(node.arg), True))

    def _slope(self, node: x.Slope) -> Text:
        name, prime = self.function(node.layer), self.style.prime
        if "^" in name:
            name = name[:-1] + (r"\prime}" if prime == r"\prime" else "}'" if prime == "'" else r" \prime}")
        elif prime == "dot":
            name = rf"\dot{{{name}}}"
        elif prime == r"\prime":
            name = rf"{name}\prime" if name.startswith("\\") else f"{name}'"
        else:
            name = name + prime
        return Text(name + self.fenced(self(node.arg), True))

    def _choose(self, node: x.Choose) -> Text:
        condition = f"{self(node.left)} > {self(node.right)}"
        if node.brief and (node.yes, node.no) == (x.ONE, x.ZERO):
            forms = {"square": r"\mathbb{1}[%s]", "below": r"\mathbf{1}_{%s}", "bold": r"\mathbf{1}[%s]",
                     "braced": r"\mathbb{1}_{\{%s\}}"}  # fmt: skip
            return Text(forms[self.style.indicator] % condition)
        word, other = self.rng.choice(((r"\text{if } ", r"\text{otherwise}"), ("", ""), (r"\text{if } ", "")))
        below = self.rng.choice((r"\le", r"\leq", "<"))
        other = other or f"{word}{self(node.left)} {below} {self(node.right)}"
        rows = rf"{self(node.yes)} & {word}{condition} \\ {self(node.no)} & {other}"
        return Text(rf"\begin{{cases}} {rows} \end{{cases}}", TIGHT - 1)

    # --- derivatives ---

    def _d(self, node: x.D) -> Text:
        of, by = self(node.of), self(node.by)
        kind, d = self.style.derivative, self.style.partial
        if self.style.notation == "ng" and self.style.d_form and node.of.role == "E" and self.names.has_layer(node.by):
            return Text(f"d{by}")
        scalar = node.of.role == "E" or isinstance(node.of, x.Scalar)
        if kind in ("nabla", "subscript") and (not scalar or node.by.at or isinstance(node.by, x.Scalar)):
            kind = "frac"
        if kind == "nabla":
            return Text(rf"\nabla_{{{by}}} {of}", ATOM, FACTOR)
        if kind == "subscript":
            return Text(rf"\partial_{{{by}}} {of}", TIGHT, FACTOR)
        space = "" if d == "d" and not by.startswith("{") else " "
        below = rf"{d}{space}{by}" if d != r"\partial" or not by.startswith("{}") else rf"\partial\, {by}"
        if kind == "slash":
            return Text(rf"{d}{space}{of} / {below}", TIGHT - 1)
        if kind == "operator" and scalar:
            return Text(rf"\frac{{{d}}}{{{below}}} {of}", TIGHT, ALL)
        command = r"\dfrac" if kind == "dfrac" else r"\frac"
        return Text(rf"{command}{{{d}{space}{of}}}{{{below}}}")


UNICODE = (
    (r"\\partial(?![a-zA-Z])\s*", "∂"), (r"\\delta(?![a-zA-Z])\s*", "δ"), (r"\\sigma(?![a-zA-Z])\s*", "σ"),
    (r"\\odot(?![a-zA-Z])", "⊙"), (r"\\cdot(?![a-zA-Z])", "·"), (r"\\sum(?![a-zA-Z])", "∑"), (r"(?<![a-zA-Z])-", "−"),
    (r"'", "′"), (r"\\nabla(?![a-zA-Z])", "∇"), (r"(?<=[)a-z])\^T(?![a-zA-Z])", "ᵀ"),
)  # fmt: skip


def pasted(text: str) -> str:
    """The text as a page or a word processor gives it: signs and Greek letters as characters."""
    for pattern, sign in UNICODE:
        text = re.sub(pattern, sign, text)
    return text


def squeezed(text: str) -> str:
    """The text without the spaces that LaTeX does not need."""
    return re.sub(r"(?<![a-zA-Z]) +(?!\d)| +(?![a-zA-Z\d])|(?<![a-zA-Z\d]) +(?=\d)", "", text)


def printed(claim: x.Claim, printer: Printer) -> str:
    """A claim as one formula."""
    style = printer.style
    lines = [[printer(side) for side in line] for line in claim.lines]
    if claim.aligned:
        rows = []
        for line in lines:
            rows.append(f"{line[0]} &= {line[1]}")
            rows += [f"&= {side}" for side in line[2:]]
        text = r" \\ ".join(rows)
        if printer.rng.random() < 0.6:
            name = printer.rng.choice(("aligned", "aligned", "align*", "split"))
            text = rf"\begin{{{name}}} {text} \end{{{name}}}"
    else:
        first, *rest = lines[0]
        text = f"{first} {style.equals} {' = '.join(rest)}{style.end}"
    if style.tight:
        text = squeezed(text)
    return pasted(text) if style.unicode else text
