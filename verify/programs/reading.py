r"""Definitions in LaTeX as a program that can be differentiated, for arrays of every size.

    programmed([r"f = \lVert X w - y \rVert^2 + \lambda \lVert w \rVert^2"], wrt=["w"])

The last quantity that no other line uses is what is differentiated; where it is an array Y, an unknown number L = L(Y)
stands behind it, and ∂L/∂Y is the upstream gradient.  `ProgramRead` says what was assumed: shapes, means, names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import I, nan, oo, zoo

from derive.equation import Equation, EquationError
from derive.formula.spelling import Unspelled, spelled
from derive.named import Opaque, number
from derive.program import Program, program
from derive.symbols import Array, Index, Scalar, Width
from verify.latex import Unreadable, read
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.definitions import meant
from verify.meaning.errors import Meaningless, Misfit
from verify.meaning.indices import bound_by, letters_of
from verify.programs.axes import Axis
from verify.programs.evaluate import Evaluator
from verify.programs.places import Bound, Env
from verify.programs.quantities import Made
from verify.programs.ranks import Ranks, candidates
from verify.programs.text import NotDerived, Shapes, Text, text_of
from verify.programs.values import Value

MOST_DEFINITIONS = 200
SPREAD, ARRAY = 3, 100
"""What speaks against a letter that is added to every entry of an array, and against a loss that is an array."""
NUMBERS = frozenset("fLJEC") | {r"\ell", r"\mathcal{L}"}
"""Letters of what is differentiated that mean a number where both would fit."""


@dataclass(frozen=True)
class ProgramRead:
    """A program that was read.

    `shapes` are the sizes of every array by its letter, `stated` those that were stated or written as indices;
    `ours` the letters of definitions that were added, in words `notes`.
    """

    program: Program
    shapes: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()


@dataclass(frozen=True)
class How:
    """How definitions are read.

    `target` is the quantity to differentiate, that which no other uses if it is empty; where it is not defined, it is
    the unknown number behind the last array.  `naming` gives names to what functions are taken of, σ(W x + b) = σ(z).
    `means` takes the n of (1/n) Σ_i x_i for the length of x, and `ranks` lets letters without indices and shape be
    arrays where that fits; else they are numbers.
    """

    target: str = ""
    naming: bool = True
    means: bool = True
    ranks: bool = True


AS_A_PAPER = How()


def programmed(given: Sequence[str], shapes: Shapes | None = None, wrt: Sequence[str] = ()) -> Program:
    """The program of some definitions, to be differentiated by `wrt`, all that is not defined where none is named.

    Raises `NotDerived`, which is an `Unreadable` with the definition and the place in it.
    """
    return program_read(given, shapes, wrt).program


def program_read(
    given: Sequence[str],
    shapes: Shapes | None = None,
    wrt: Sequence[str] = (),
    assume: Sequence[str] = (),
    how: How = AS_A_PAPER,
) -> ProgramRead:
    """The same, with what was assumed; `assume` are equations that hold, such as \\sum_i t_i = 1.

    Raises `NotDerived`, which is an `Unreadable` with the definition and the place in it.
    """
    if not given:
        raise NotDerived("there is no definition", 0, 0, "")
    if len(given) > MOST_DEFINITIONS:
        raise NotDerived(f"at most {MOST_DEFINITIONS} definitions are read, not {len(given)}", 0, 0, "")
    text = text_of(given, shapes or {}, how.means)
    evaluated = _evaluated(text, assume, how)
    letters = _letters(text, wrt)
    return _Builder(text, evaluated, how).read(letters)


# --- evaluation -----------------------------------------------------------------------------------------------------


@dataclass
class _Evaluated:
    """A text that fits: its evaluator, and the facts as values of their two sides."""

    evaluator: Evaluator
    target: str
    facts: list[tuple[Value, Value, Env]]
    ranks: Ranks


def _evaluated(text: Text, assume: Sequence[str], how: How) -> _Evaluated:
    """The likeliest reading in which everything fits."""
    first: Meaningless | NotDerived | None = None
    target = how.target if how.target in text.by_name else _target(text)
    best: tuple[int, _Evaluated] | None = None
    for cost, ranks in candidates(text) if how.ranks else ((0, {}),):
        if best is not None and cost >= best[0]:
            break
        evaluator = Evaluator(text, ranks, how.naming)
        try:
            whole = _all(text, evaluator, target)
            found = _Evaluated(evaluator, target, [_fact(one, evaluator) for one in assume], ranks)
        except (NotDerived, Misfit) as error:
            if isinstance(error, NotDerived) and not error.misfit:
                raise
            first = first or error
            continue
        against = cost + SPREAD * evaluator.spread + (ARRAY if target in NUMBERS and not whole.number else 0)
        if best is None or against < best[0]:
            best = against, found
    if best is not None:
        return best[1]
    assert first is not None
    raise first if isinstance(first, NotDerived) else text.placed(first, target)


def _all(text: Text, evaluator: Evaluator, target: str) -> Value:
    """The value of the target, with all that it rests on."""
    return evaluator.array(target, text.by_name[target].left)


def _target(text: Text) -> str:
    """What is differentiated: the last quantity that no other uses."""
    if not text.by_name:
        about = text.lines[-1]
        raise NotDerived("no line defines a quantity", *about.left.span, about.text)
    used = set()
    for name, body in (*text.bodies.items(), *text.function_bodies.items()):
        for part in walk(body):
            named = text.names.named(part) if isinstance(part, t.Letter | t.Scripted) else None
            head = part.function if isinstance(part, t.Call) else None
            found = named[0] if named else None
            if found is not None and found != name and not (head is not None):
                used.add(found)
    left = [name for name in text.by_name if name not in used]
    if not left:
        about = text.lines[-1]
        raise NotDerived("every quantity is defined by another one, in a circle", *about.left.span, about.text)
    return left[-1]


def _fact(text: str, evaluator: Evaluator) -> tuple[Value, Value, Env]:
    """An equation that holds by assumption."""
    (statement, *rest) = read(text).statements
    if rest or not statement.compares or statement.signs[0].kind not in ("equal", "identical"):
        raise NotDerived("what is assumed here is one equation", *statement.span, text)
    sides = [meant(evaluator.names, side) for side in statement.sides[:2]]
    bound = {letter for side in sides for part in walk(side) if isinstance(part, t.Big) for letter in bound_by(part)}
    free = {letter for side in sides for part in walk(side) if isinstance(part, t.Scripted) and part.lower
            for letter in letters_of(part.lower)} - bound  # fmt: skip
    env: Env = {}
    for letter in sorted(free & (evaluator.names.letters)):
        axis = evaluator.axes.fresh()
        env[letter] = _free(evaluator, letter, axis)
    try:
        left, right = (evaluator.scalar(side, env) for side in sides)
    except Meaningless as error:
        raise NotDerived(error.message, *error.part.span, text) from None
    return left, right, env


def _free(evaluator: Evaluator, letter: str, axis: Axis) -> Bound:
    """A letter that stands for every index of an axis."""
    return Bound(axis, lambda: Index(letter, evaluator.axes.space(axis)))


# --- the program ----------------------------------------------------------------------------------------------------


class _Builder:
    """Makes the program once everything fits."""

    def __init__(self, text: Text, found: _Evaluated, how: How) -> None:
        self.text, self.found, self.how = text, found, how
        self.evaluator = found.evaluator
        self.notes: list[str] = []

    def read(self, wrt: Sequence[str]) -> ProgramRead:
        """All definitions, and what is to be said about them."""
        evaluator = self.evaluator
        made = evaluator.made
        evaluator.axes.settle(axis for one in made for axis in one.value.long)
        functions = evaluator.functions()
        definitions = [self._equation(one) for one in made]
        definitions += self._loss(made[-1])
        facts = [Equation(left.only, right.only) for left, right, _ in self.found.facts]
        try:
            whole = program(definitions, wrt, facts, functions)
            whole = whole if wrt else whole.by(*(one.name for one in sorted(whole.inputs, key=self._place)))
        except EquationError as error:
            raise NotDerived(str(error), 0, 0, made[-1].name) from None
        self._check(whole)
        self._unused(made)
        shapes = {one.name: tuple(str(space.size) for space in one.spaces) if isinstance(one, Array) else ()
                  for one in sorted(whole.variables.values(), key=self._place)}  # fmt: skip
        ours = tuple(self.text.display(one.name) for one in made if one.ours)
        return ProgramRead(whole, shapes, tuple(self.notes), ours)

    def _check(self, whole: Program) -> None:
        """Refuses what leaves nothing to derive."""
        for name in whole.variables:
            _check_name(name)
        known = {space.size for space in whole.spaces}
        for width in sorted({one for each in whole.definitions for one in each.rhs.atoms(Width)} - known, key=str):
            raise NotDerived(f"no array has the length {width}", 0, 0, "")
        if not whole.wrt:
            raise NotDerived(f"{whole.target.name} is a constant: there is nothing to differentiate by", 0, 0, "")
        if whole.target in whole.wrt:
            letter = whole.target.name
            raise NotDerived(f"{letter} is what is differentiated, not what by", 0, len(letter), letter)

    def _unused(self, made: list[Made]) -> None:
        """Says which definitions the target does not rest on."""
        used = {one.name for one in made}
        left = [self.text.display(name) for name in self.text.by_name if name not in used]
        if left:
            target = self.text.display(made[-1].name)
            self.notes.append(f"{', '.join(left)}: defined, but {target} does not rest on {_it(left)}")

    def _place(self, one: Array | Scalar) -> int:
        """Where a letter stands in the text; what is not there comes last."""
        displayed = list(self.text.displayed.values())
        return displayed.index(one.name) if one.name in displayed else len(displayed)

    def _equation(self, made: Made) -> Equation:
        try:
            found = self.evaluator.equation(made)
        except Meaningless as error:
            raise self.text.placed(error, made.name) from None
        except EquationError as error:
            raise NotDerived(str(error), 0, 0, self.text.source(made.name)) from None
        if found.rhs.has(zoo, nan, oo, -oo, I):
            problem = "this is no real number, or divides by zero"
            raise NotDerived(problem, *self._span(made), self.text.source(made.name))
        return found

    def _span(self, made: Made) -> tuple[int, int]:
        definition = self.text.by_name.get(made.name)
        return (0, 0) if definition is None else definition.body.span

    def _loss(self, last: Made) -> list[Equation]:
        """L = L(Y) behind an array that nothing else uses."""
        if not last.value.long:
            return []
        if last.name == self.how.target:
            raise self.text.placed(Misfit(self.text.by_name[last.name].left, f"{last.name} is no number"), last.name)
        letter = self.how.target or next(
            one for one in ("L", r"\mathcal{L}", "J", "E", "C") if one not in self.text.displayed
        )
        array = self.evaluator.symbol(last.name, last.value.long)
        self.notes.append(f"{letter} = {letter}({array.name}), of which nothing is known, stands behind {array.name}")
        return [Equation(number(letter), Opaque(letter, array))]


def _check_name(name: str) -> None:
    """Refuses a name for which the pages have no signs."""
    try:
        spelled(name)
    except Unspelled as error:
        raise NotDerived(f"the name {name} cannot be written: {error}", 0, len(name), name) from None


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _letters(text: Text, wrt: Sequence[str]) -> tuple[str, ...]:
    """The letters to differentiate by, as they are written in the definitions."""
    found = []
    for one in wrt:
        try:
            (statement,) = read(one).statements
        except (Unreadable, ValueError):
            raise NotDerived(f"{one} is no letter to differentiate by", 0, len(one), one) from None
        node = statement.body
        named = text.names.named(node) if isinstance(node, t.Letter | t.Scripted) else None
        if named is None or named[1] or named[2]:
            raise NotDerived(f"{one} is no letter to differentiate by", 0, len(one), one)
        if named[0] not in text.displayed:
            raise NotDerived(f"{one} does not occur; there are {', '.join(text.displayed)}", 0, len(one), one)
        found.append(text.display(named[0]))
    return tuple(found)


__all__ = ["How", "NotDerived", "ProgramRead", "program_read", "programmed"]
