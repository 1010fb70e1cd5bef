"""A syntax tree in one short line, so that a table of tests can say what a formula was read as.

⟨a b⟩ is a product, ⟨a·b⟩ one with a dot, f{x} an `Applied`, [f x] a `Call`, D(E; w) a derivative; scripts stand as
_{…} and ^{…}, primes and transposes as ′, ᵀ (certain) and T (may be a letter).  Shares no code with the printer.
"""

from verify.latex import tree as t

BRACKETS = {"(": "()", "[": "[]", "{": "{}", "<": "<>"}


def sketch(node):
    """The line of a node."""
    return RULES[type(node)](node)


def listed(nodes):
    return ",".join(map(sketch, nodes))


def fenced(fence, text):
    left, right = BRACKETS.get(fence, (fence, ""))
    return left + text + right


def scripts(lower, upper):
    text = f"_{{{listed(lower.items)}}}" if lower else ""
    for mark in upper:
        if isinstance(mark, t.Raised):
            text += f"^{{{fenced(mark.fence, sketch(mark.body))}}}"
        else:
            text += "′" * mark.count if isinstance(mark, t.Prime) else "T" if mark.spelling == "T" else "ᵀ"
    return text


def scripted(node):
    left = scripts(node.left_lower, node.left_upper)
    return (left + "|" if left else "") + sketch(node.base) + scripts(node.lower, node.upper)


def multiplication(node):
    text = sketch(node.factors[0])
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        text += {"": " ", r"\cdot": "·"}.get(sign, f" {sign} ") + sketch(factor)
    return f"⟨{text}⟩"


def addition(node):
    text = sketch(node.terms[0])
    for term in node.terms[1:]:
        text += f" − {sketch(term.body)}" if isinstance(term, t.Negation) else f" + {sketch(term)}"
    return text


def derivative(node):
    by = ",".join(sketch(one.variable) + (f"**{sketch(one.times)}" if one.times else "") for one in node.by)
    return f"{ {'nabla': '∇', 'operator': 'O'}.get(node.style, 'D') }({sketch(node.operand)}; {by})"


def big(node):
    return f"{node.sign}[{listed(node.under)}{'..' + sketch(node.over) if node.over else ''}]({sketch(node.body)})"


def comparison(node):
    signs = {"equal": "=", "less": "<", "greater": ">", "unequal": "≠", "define": ":="}
    text = sketch(node.sides[0])
    for sign, side in zip(node.signs, node.sides[1:], strict=True):
        text += f" {signs.get(sign.kind, sign.kind)} {sketch(side)}"
    return text


RULES = {
    t.Number: lambda node: node.digits,
    t.Letter: lambda node: "".join(f"{one}:" for one in node.accents) + (f"{node.font}:" * bool(node.font)) + node.name,
    t.Scripted: scripted,
    t.Bracket: lambda node: fenced(node.fence, listed(node.items)),
    t.Negation: lambda node: f"−{sketch(node.body)}",
    t.Addition: addition,
    t.Multiplication: multiplication,
    t.Fraction: lambda node: f"({sketch(node.above)} / {sketch(node.below)})",
    t.Power: lambda node: f"pow({sketch(node.base)}, {sketch(node.exponent)})",
    t.Transposed: lambda node: f"transpose{sketch(node.base)}",
    t.Primed: lambda node: f"prime{sketch(node.base)}",
    t.Root: lambda node: f"√{sketch(node.degree) if node.degree else ''}({sketch(node.body)})",
    t.Norm: lambda node: ("‖{}‖" if node.double else "|{}|").format(sketch(node.body)) + scripts(node.lower, ()),
    t.InnerProduct: lambda node: f"<{sketch(node.left)}, {sketch(node.right)}>",
    t.Call: lambda node: f"[{sketch(node.function)} {sketch(node.argument)}]",
    t.Applied: lambda node: f"{sketch(node.head)}{{{listed(node.bracket.items)}}}" + scripts(node.lower, node.upper),
    t.Big: big,
    t.Derivative: derivative,
    t.Evaluated: lambda node: f"at({sketch(node.body)}; {listed(node.at.items)})",
    t.Indicator: lambda node: f"1[{sketch(node.condition)}]",
    t.Cases: lambda node: f"cases({'; '.join(map(sketch, node.rows))})",
    t.Case: lambda node: f"{sketch(node.value)} if {listed(node.conditions) or 'else'}",
    t.Matrix: lambda node: f"matrix({'; '.join(map(listed, node.rows))})",
    t.Marked: lambda node: f"marked({sketch(node.body)})",
    t.Ellipsis: lambda node: "…",
    t.Comparison: comparison,
    t.Range: lambda node: f"{listed(node.letters)} in {listed(node.items)}",
    t.ForAll: lambda node: f"all {listed(node.items)}",
}
