r"""Whether two sides are equal: in every setting, for every layer and index, entry by entry.

An exact normal form proves equality; balls at readable numbers prove difference; a prime field answers where the form
is too large.  What none of them settles is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from verify.checking.bars import entrywise, left_out, lengthwise, named_in, outside_cases
from verify.checking.choices import numbers_in
from verify.checking.finding import RIGHT, Finding, wrong
from verify.checking.places import MOST_LOOKED_AT, assignments, corners, looked_at, told
from verify.checking.refute import Refuter
from verify.checking.settings import Candidate, Setting
from verify.checking.uniform import alike
from verify.graph.adjoints import leaves_of
from verify.graph.nodes import Node, TooLarge
from verify.graph.signature import Verdict as Signature
from verify.graph.signature import signature
from verify.latex import groupings
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning import arrays
from verify.meaning.arrays import Limit, ShapeError, Tensor
from verify.meaning.errors import NO_VALUE, Meaningless, Misfit, OutOfRange, Unfit, Unsupported
from verify.meaning.indices import bound_by, ranges
from verify.meaning.scene import Env

MOST_ENTRIES = 36
LARGE_GRAPH = 6_000
"""From so many nodes on, the prime field is asked before the normal form, which would take long."""

MOST_LAYERS = 12
MOST_GROUPINGS = 32


class Judge:
    """Judges the relations of one candidate; the settings are made once.

    A `brief` judge is asked whether repairs hold: it looks at one point before it tries to prove, and shows nothing.
    """

    def __init__(
        self,
        candidate: Candidate,
        conditions: tuple[t.Node, ...] = (),
        beside: tuple[tuple[t.Node, t.Node], ...] = (),
    ) -> None:
        self.candidate = candidate
        self.conditions = conditions
        self.beside = beside
        self.brief = False
        self._settings: list[Setting] | None = None
        self._named: dict[tuple[int, int], tuple[t.Node, t.Node, frozenset[int] | None]] = {}
        self._signatures: dict[Node, Signature] = {}

    @property
    def settings(self) -> list[Setting]:
        """All settings of the candidate."""
        if self._settings is None:
            self._settings = list(self.candidate.settings())
            for setting in self._settings:
                setting.evaluator.beside = self.beside
        return self._settings

    def relation(self, left: t.Node, right: t.Node) -> Finding:
        """The verdict of `left = right`.  Raises `NoRole` where a letter says nothing."""
        found = RIGHT
        for setting in self.settings:
            try:
                one = self.in_setting(setting, left, right)
            except (TooLarge, RecursionError) as error:
                one = Finding("undecided", message=str(error) or "the formula is nested too deep")
            except Limit as error:
                one = Finding("undecided", message=str(error))
            except ZeroDivisionError:
                one = Finding("undecided", message="a side divides by zero")
            except Unsupported as error:
                one = Finding("undecided", error=error, message=error.message)
            except OutOfRange as error:
                one = wrong(error, error.kind, error.message)
            if one.verdict != "correct":
                return self._unless_unfit(one)
            found = _weaker(found, one)
        return found

    def _unless_unfit(self, found: Finding) -> Finding:
        """No claim is wrong where a definition does not fit, were it only at other sizes."""
        try:
            for setting in self.settings if found.verdict == "incorrect" and not self.brief else ():
                setting.prepare()
        except Unfit as error:
            return Finding("undecided", error=error, message=error.message)
        except NO_VALUE:
            return found
        return found

    def values(self, setting: Setting, left: t.Node, right: t.Node) -> list[tuple[Node, Node]]:
        """Some entries of both sides, at the first layers and indices that exist."""
        letters = sorted(setting.layer_letters(left) | setting.layer_letters(right))
        for chosen in product(setting.layers(), repeat=len(letters)):
            env = dict(zip(letters, chosen, strict=True))
            try:
                free = ranges(setting.scene, (left, right), env)
                inner = env | next(assignments(free, frozenset()), {})
                a, b = setting.evaluator.value(left, inner), setting.evaluator.value(right, inner)
            except OutOfRange:
                continue
            if not (a.scalar and b.scalar) and arrays.unified(_two(a).shape, _two(b).shape) is None:
                return []
            return [(u, v) for _, u, v in islice(_pairs(a, b), 3)]
        return []

    # --- layers and indices ---

    def in_setting(self, setting: Setting, left: t.Node, right: t.Node) -> Finding:
        """For every number of the layers at which the left side exists: the hidden ones, or where none is, all."""
        letters = sorted(setting.layer_letters(left) | setting.layer_letters(right))
        if not letters:
            return self._for_indices(setting, left, right, {})
        found: list[tuple[bool, Finding]] = []
        beyond: OutOfRange | None = None
        for chosen in islice(product(setting.layers(), repeat=len(letters)), MOST_LAYERS**2):
            env = dict(zip(letters, chosen, strict=True))
            hidden = all(map(setting.hidden, chosen))
            if any(self._holds(setting, one, env) is False for one in self.conditions):
                continue
            try:
                found.append((hidden, self._for_indices(setting, left, right, env)))
            except OutOfRange as error:
                beyond = error
                if error.kind != "layer" or (hidden and self._exists(setting, left, env)):
                    found.append((hidden, wrong(error, error.kind, error.message)))
        if not found and beyond is None:
            return Finding("undecided", message="the conditions leave no layer")
        if not found and beyond is not None:
            raise beyond
        inner = [one for inside, one in found if inside]
        return _worst(inner or [one for _, one in found])

    def _exists(self, setting: Setting, side: t.Node, env: Env) -> bool:
        """Whether every layer of a side exists."""
        try:
            free = ranges(setting.scene, (side,), env)
            setting.evaluator.value(side, env | {name: low for name, (low, _) in free.items()})
        except (OutOfRange, Misfit, ShapeError):
            return False
        return True

    def _for_indices(self, setting: Setting, left: t.Node, right: t.Node, env: Env) -> Finding:
        """For every index that is free."""
        scene = setting.scene
        ours = ranges(scene, (left,), env)
        theirs = ranges(scene, (right,), env)
        free = ranges(scene, (left, right), env)
        known = ours.keys() | named_in(left)
        lonely = [name for name in theirs if name not in known]
        if lonely:
            return self._lonely(setting, left, right, lonely[0], env, free)
        here, there = ours.keys() - theirs.keys(), theirs.keys() - known  # mostly none: then no tree is looked through
        doubtful = (left_out(left) & here - named_in(right) if here else frozenset()) | (
            left_out(right) & there if there else frozenset()
        )
        if doubtful:
            name = min(doubtful)
            return Finding("undecided", message=f"nothing says whether the sum runs over {name}, too")
        results: Finding | None = None
        for assignment in assignments(free, self._mentioned(left, right)):
            inner = env | assignment
            held = [self._holds(setting, one, inner) for one in self.conditions]
            if False in held:
                continue
            one = self._compared(setting, left, right, inner)
            if one.verdict == "incorrect" and None in held:
                return Finding("undecided", message="a condition beside the formula is not looked into")
            if one.verdict != "correct":
                return one
            results = one if results is None else _weaker(results, one)
        return results or Finding("undecided", message="the conditions leave nothing to compare")

    def _mentioned(self, left: t.Node, right: t.Node) -> frozenset[int] | None:
        """The numbers of neurons that are like no others; None where any may be, and all have to be looked at."""
        known = self._named.get((id(left), id(right)))
        if known is None or known[0] is not left or known[1] is not right:
            trees = [left, right, *(side for pair in self.beside for side in pair), *self.conditions]
            numbers = self.candidate.mentioned | numbers_in(*trees)
            after = frozenset(one + 1 for one in numbers)  # where a sum ends, another begins
            known = left, right, numbers | after if self.candidate.alike and alike(*trees) else None
            self._named[id(left), id(right)] = known
        return known[2]

    def _holds(self, setting: Setting, condition: t.Node, env: Env) -> bool | None:
        """Whether a condition holds; None where it is one between real numbers that was not assumed."""
        if not isinstance(condition, t.Comparison) or condition in self.candidate.conditions:
            return True
        try:
            return setting.evaluator.holds(condition, env)
        except Meaningless:
            return None

    def _lonely(
        self,
        setting: Setting,
        left: t.Node,
        right: t.Node,
        name: str,
        env: Env,
        free: dict[str, tuple[int, int]],
    ) -> Finding:
        """An index that stands on the right side alone: a sum is missing, or the other side is an array."""
        value = setting.evaluator.value(left, env | {key: low for key, (low, _) in free.items()})
        if any(isinstance(one, t.Big) and name in bound_by(one) for one in walk(right)):
            return Finding("undecided", message=f"{name} stands within a sum and outside: how far does the sum reach?")
        if name in self.candidate.classes:
            return Finding("undecided", message=f"nothing says which entry {name} is")
        kind = "missing-sum" if value.shape == () else "index"
        return wrong(None, kind, f"the index {name} stands on the right side alone")

    # --- values ---

    def _compared(self, setting: Setting, left: t.Node, right: t.Node, env: Env) -> Finding:
        """The two sides at given indices, grouped as they are written or, where that does not fit, otherwise."""
        try:
            return self._values(setting, left, right, env)
        except Unsupported as problem:
            if not isinstance(problem.part, t.Norm) or problem.part.double:
                raise
            return self._barred(setting, left, right, env, problem)
        except (Misfit, ShapeError) as problem:
            other = self._regrouped(setting, left, right, env)
            if other is not None:
                return other
            error = problem if isinstance(problem, Misfit) else Misfit(right, str(problem))
            return wrong(error, "shape", error.message)

    def _barred(self, setting: Setting, left: t.Node, right: t.Node, env: Env, problem: Unsupported) -> Finding:
        """Bars around a vector: its length, or its entries without their signs, whichever fits; if both do, neither.

        Cases are distinguished for each entry: where all bars stand in cases, what holds so does hold.
        """
        found: list[tuple[t.Node, Finding]] = []
        for reading in (entrywise, lengthwise):
            one, other = reading(left), reading(right)
            try:
                found.append((other, self._values(setting, one, other, env)))
            except (Misfit, ShapeError, OutOfRange, Unsupported, Limit):
                continue
        if not found:
            raise problem
        by_cases = found[0][1].verdict == "correct" and not (outside_cases(left) or outside_cases(right))
        if len({one.verdict for _, one in found}) > 1 and not by_cases:
            return Finding("undecided", error=problem, message=problem.message)
        return replace(found[0][1], notes={"regrouped": found[0][0]})

    def _regrouped(self, setting: Setting, left: t.Node, right: t.Node, env: Env) -> Finding | None:
        """The verdict of the other groupings that fit; several that disagree decide nothing."""
        found: list[tuple[t.Node, Finding]] = []
        for one, other in islice(product(groupings(left), groupings(right)), 1, MOST_GROUPINGS):
            try:
                found.append((other, self._values(setting, one, other, env)))
            except (Misfit, ShapeError, OutOfRange, Unsupported):
                continue
        if not found:
            return None
        verdicts = {one.verdict for _, one in found}
        if len(verdicts) > 1:
            return Finding("undecided", message="several groupings of the products fit, and disagree")
        return replace(found[0][1], notes={"regrouped": found[0][0]})

    def _values(self, setting: Setting, left: t.Node, right: t.Node, env: Env) -> Finding:
        a, b = setting.evaluator.value(left, env), setting.evaluator.value(right, env)
        zero = any(one.shape == () and one.only is setting.graph.zero for one in (a, b))
        if not zero and not (a.scalar and b.scalar) and arrays.unified(_two(a).shape, _two(b).shape) is None:
            raise ShapeError("an equation", a.shape, b.shape)
        found = RIGHT
        for place, u, v in _pairs(a, b, self._mentioned(left, right)):
            one = self._equal(setting, u, v, place, env)
            if one.verdict != "correct":
                return one
            found = _weaker(found, one)
        return found

    def _equal(self, setting: Setting, left: Node, right: Node, place: tuple[int, ...], env: Env) -> Finding:
        """Two numbers: proved equal, proved different, equal but for a small probability, or undecided."""
        if left is right:
            return RIGHT
        refuter = Refuter(setting)
        example = refuter.separated(left, right, place, env, most=1, shown=not self.brief)
        if example is not None:
            return Finding("incorrect", "counterexample", counterexample=example)
        zero = self._proved(setting, left, right)
        if zero:
            return refuter.domain(left, right, place, env) or RIGHT
        if zero is None:
            outcome = self._signed(setting, left - right)
            if outcome.zero:
                return Finding("correct", "probabilistic", outcome.error_bound)
        example = None if self.brief else refuter.separated(left, right, place, env)
        if example is not None:
            return Finding("incorrect", "counterexample", counterexample=example)
        return Finding("undecided", message="neither a proof nor a counter-example was found")

    def _signed(self, setting: Setting, difference: Node) -> Signature:
        """The difference in a prime field, computed once."""
        if difference not in self._signatures:
            self._signatures[difference] = signature(difference, behind=setting.normal.replaced)
        return self._signatures[difference]

    def _proved(self, setting: Setting, left: Node, right: Node) -> bool | None:
        """Whether the difference is zero by its form, if need be where both sides have a value.

        Error signals that the right side mentions stay unknowns at first: what holds whatever they are, holds.
        """
        cut = frozenset(leaf for leaf in leaves_of(right) if leaf is not left and str(leaf.value).startswith("∂"))
        if cut and setting.cutting(cut).zero(left - right):
            return True
        if len(setting.graph) > LARGE_GRAPH and self._signed(setting, left - right).zero:
            return None
        zero = setting.normal.zero(left - right)
        if zero or not (setting.normal.conditions(left) or setting.normal.conditions(right)):
            return zero
        return setting.knowing([left, right]).zero(left - right) or zero


def _two(a: Tensor) -> Tensor:
    return a.matrix if len(a.shape) < 2 else a


def _pairs(
    a: Tensor, b: Tensor, mentioned: frozenset[int] | None = frozenset()
) -> Iterator[tuple[tuple[int, ...], Node, Node]]:
    """The entries to compare: all, or of large arrays the first, those with mentioned numbers, and the last.

    The others are like these but for the names of their unknowns; without numbers none is like another.
    """
    if a.scalar and b.scalar:
        yield (), a.only, b.only
        return
    a, b = _two(a), _two(b)
    shape = arrays.unified(a.shape, b.shape)
    if shape is None:
        shape = b.shape if a.scalar else a.shape
    sizes = [3 if size is None else size for size in shape]
    count = 1
    for size in sizes:
        count *= size
    few = count > (MOST_ENTRIES if mentioned is not None else MOST_LOOKED_AT)
    axes = [corners(size, mentioned or frozenset()) if few else range(size) for size in sizes]
    for place in product(*axes):
        yield told(place, sizes), a.only if a.scalar else a[place], b.only if b.scalar else b[place]
    looked_at(few, mentioned)


def _weaker(one: Finding, other: Finding) -> Finding:
    """Of two that are correct, the one that is proved less."""
    if one.proof == other.proof == "probabilistic":
        return replace(other, error_bound=(one.error_bound or 0) + (other.error_bound or 0))
    kept = one if one.proof == "probabilistic" else other
    return replace(kept, notes=one.notes | other.notes)


def _worst(found: list[Finding]) -> Finding:
    order = {"incorrect": 0, "undecided": 1, "correct": 2, "unreadable": 0}
    return min(found, key=lambda one: order[one.verdict])
