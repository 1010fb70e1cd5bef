"""What the printers print is read: every claim of many networks in all notations, and random sums as numbers."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import Derivation, Network
from derive.emit.latex import latex as to_latex
from derive.formula import Writer
from derive.matrix import NoMatrixForm
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from derive.tables.notations import NOTATIONS
from tests.reading import FUNCTIONS, WIDTH, evaluate, positive_values
from tests.test_reading_back import EXPRESSIONS, NET
from verify.latex import read, splits, unread
from verify.latex import tree as t
from verify.latex.resolve import factors_of

ELEMENTWISE = [name for name, row in ACTIVATIONS.items() if row.elementwise]
NETWORKS = [
    *(Network([2, 3, 2], [name, last], loss) for last in ("softmax", "sigmoid")
      for name, loss in zip(ELEMENTWISE, [*LOSSES, *LOSSES], strict=False)),
    *(Network([3, 2], "sigmoid", loss) for loss in LOSSES),
    Network([2, 3, 1], bias="appended"),
    Network(["m", {"bias_only": True, "activation": "tanh"}, "n_out"], "softmax", "squared-error"),
    Network([3, 2, 2], [{"name": "elu", "alpha": 0.25}, {"name": "elu", "alpha": 0.1}], "mse", bias=False),
]  # fmt: skip


def said(derivation):
    """Everything that a derivation states: steps, matrix forms, entries."""
    yield from (step.claim for step in derivation.steps)
    for layer in range(1, derivation.network.depth + 1):
        for role in ("z", "a", "W", "b", "delta"):
            try:
                yield (derivation.forward if role in "za" else derivation.matrix)(role, layer)
            except (NoMatrixForm, KeyError):
                continue
        if all(isinstance(width, int) for width in derivation.network.widths) and derivation.has("W", layer):
            yield from (right for _, right in derivation.entries("W", layer))


def returns(text):
    """Whether a text is one statement, which is printed as something that is read as the same tree."""
    (statement,) = read(text).statements
    (again,) = read(unread(statement)).statements
    return again.body == statement.body


@pytest.fixture(scope="module")
def statements():
    """Every derivation with what it states."""
    return [(derivation, list(said(derivation))) for derivation in map(Derivation, NETWORKS)]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_everything_that_is_printed_is_read_and_returns(notation, statements):
    texts = set()
    for derivation, claims in statements:
        writer = Writer(derivation, notation)
        texts |= {to_latex(writer.box(claim)) for claim in claims}
    assert len(texts) > 250
    assert [text for text in texts if not returns(text)] == []


def number(node, value, index):
    """The number that a tree stands for in nielsen's letters: an interpreter of its own, small and strict."""

    def go(one):
        return number(one, value, index)

    match node:
        case t.Number():
            return float(node.value)
        case t.Letter(name="e"):
            return FUNCTIONS["exp"](1)
        case t.Letter():
            return index[node.name]
        case t.Bracket(items=(inner,)) | t.Norm(body=inner, double=False):
            return abs(go(inner)) if isinstance(node, t.Norm) else go(inner)
        case t.Negation():
            return -go(node.body)
        case t.Addition():
            return sum(map(go, node.terms))
        case t.Multiplication():
            result = 1.0
            for factor in node.factors:
                result *= go(factor)
            return result
        case t.Fraction():
            return go(node.above) / go(node.below)
        case t.Power():
            return go(node.base) ** go(node.exponent)
        case t.Root():
            return go(node.body) ** 0.5
        case t.Call(function=t.Letter(name=name)):
            return FUNCTIONS[name](go(node.arguments[0]))
        case t.Applied():
            head, rest = factors_of(node)
            return go(head) * go(rest)
        case t.Big(sign="sum", under=(t.Letter(name=k),)):
            return sum(number(node.body, value, {**index, k: n}) for n in range(1, WIDTH + 1))
    return entry(node, value, index)


def entry(node, value, index):
    """w^3_{12}; squares of y_1 are the only powers of a bare letter with an index."""
    assert isinstance(node, t.Scripted) and isinstance(node.base, t.Letter)
    letter = {r"\delta": "δ"}.get(node.base.name, node.base.name)
    (indices,) = splits(node.lower, 2 if letter == "w" else 1)
    where = tuple(int(number(one, value, index)) for one in indices)
    raised = [number(mark.body, value, index) for mark in node.upper]
    if letter == "y":
        return value(letter, 0, where) ** (raised[0] if raised else 1)
    return value(letter, int(raised[0]), where)


@settings(max_examples=200, deadline=None)
@given(expression=EXPRESSIONS, seed=st.integers(0, 99))
def test_what_is_printed_is_read_as_the_same_number(expression, seed):
    value = positive_values(seed)
    try:
        meant = evaluate(expression, value, {})
    except (OverflowError, ZeroDivisionError):
        assume(False)
    assume(not isinstance(meant, complex) and abs(meant) < 1e12)
    text = to_latex(Writer(NET).box(expression))
    assert number(read(text).statements[0].body, value, {}) == pytest.approx(meant, rel=1e-9, abs=1e-7), text
