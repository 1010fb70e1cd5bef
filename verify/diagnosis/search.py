r"""The search for the smallest repair: edits in the order of their cost, each judged; the first that holds is the fix.

A repair is a promise like any other: the mended formula is asked about as a whole, and must come out correct.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from time import thread_time

from flint import arb, fmpq

from verify.checking.answer import Diagnosis
from verify.checking.finding import Finding
from verify.checking.givens import GivenCandidate
from verify.checking.judge import Judge
from verify.checking.networked import NetworkCandidate
from verify.checking.settings import Setting
from verify.diagnosis import algebra, networks
from verify.diagnosis.assumptions import missing_assumption
from verify.diagnosis.edits import Edit, shown
from verify.diagnosis.known import given_truth, truths
from verify.diagnosis.letters import indices, layers, missing_divisions, missing_factors, sums, unsummed
from verify.diagnosis.pathways import omissions
from verify.diagnosis.speaking import Speaker
from verify.diagnosis.splicing import changed, spliced
from verify.graph.enclosure import Undefined
from verify.latex import tree as t
from verify.latex import unread
from verify.latex.walk import mapped, walk
from verify.meaning.arrays import ShapeError
from verify.meaning.errors import NO_VALUE, Meaningless, Misfit
from verify.meaning.indices import ranges
from verify.meaning.scene import Env

SECONDS = 0.3
MOST_EDITS = 1500

_SPELLED = (t.Letter, t.Scripted, t.Call, t.Bracket, t.Derivative, t.Number)
"""What is kept as it was typed where a repair leaves it alone."""

Confirm = Callable[[str], bool]


class Search:
    """Looks for the repair of one relation `left = right`."""

    def __init__(
        self, text: str, judge: Judge, left: t.Node, right: t.Node, finding: Finding, confirm: Confirm
    ) -> None:
        self.text = text
        self.judge = judge
        self.left = left
        self.right = right
        self.finding = finding
        self.confirm = confirm
        self.end = thread_time() + SECONDS
        self.local: Diagnosis | None = None
        self.special: Diagnosis | None = None
        self.general = self._of_all_widths()

    def _principled(self, edit: Edit, found: Diagnosis) -> Diagnosis:
        """A mend by a factor or a term says little of the cause; the chain rule may say more."""
        if (
            edit.cost < 1.55
            or isinstance(self.judge.candidate, NetworkCandidate)
            or not edit.kind.startswith(("missing", "other"))
        ):
            return found
        cause = self._omitted()
        return found if cause is None else replace(found, kind=cause.kind, message=cause.message)

    def _of_all_widths(self) -> Judge | None:
        """A judge of the same network with letters for widths, for formulas that name no neuron."""
        candidate = self.judge.candidate
        if not isinstance(candidate, NetworkCandidate) or candidate.every_width or 1 not in candidate.question.layers:
            return None
        scripted = (part for side in (self.left, self.right) for part in walk(side) if isinstance(part, t.Scripted))
        if any(part.lower is not None for part in scripted):
            return None
        letters = tuple(f"n_{place}" for place in range(len(candidate.question.layers)))
        question = replace(candidate.question, layers=letters)
        judge = Judge(NetworkCandidate(question, candidate.name, candidate.letters.strict), self.judge.conditions)
        judge.brief = True
        return judge

    def diagnosis(self) -> tuple[Diagnosis, ...]:
        """The most likely mistake, with its repair; without one, what is known."""
        if self.finding.kind == "assumption":
            return (self._unmended(),)
        assumption = self._assumption(symmetric=False)
        if assumption is not None:
            return (assumption,)
        self.judge.brief = True
        try:
            for edit, of_right in self._candidates():
                if thread_time() > self.end:
                    break
                found = self._tried(edit, of_right)
                if found is not None:
                    return (self._principled(edit, found),)
            known = None if self.special else self._known()
            if known is None and self.special is None and self.local is None:
                known = self._omitted() or self._assumption(symmetric=True)
        finally:
            self.judge.brief = False
        return (self.special or known or self.local or self._unmended(),)

    def _known(self) -> Diagnosis | None:
        """The derived formula in place of this one, where there is one relation."""
        candidate = self.judge.candidate
        if isinstance(candidate, GivenCandidate):
            return self._derived(candidate)
        alone = self.left.span[0] <= 2 and self.right.span[1] >= len(self.text.rstrip(" .,")) - 2
        if not isinstance(candidate, NetworkCandidate) or not alone:
            return None
        speaker = Speaker(candidate, self.left, self.right)
        for fix, kind in truths(self.left, speaker):
            if self.confirm(fix):
                kind = self._confused(speaker) or self.finding.kind or kind
                return Diagnosis(kind, self.right.span, f"the right side is not this derivative, which is ${fix}$", fix)
        return None

    def _derived(self, candidate: GivenCandidate) -> Diagnosis | None:
        """The right side as it is derived from the definitions."""
        true = given_truth(candidate.question, self.left)
        fix = None if true is None else self._mended_by(true)
        if fix is None or not self.confirm(fix):
            return None
        found = self._omitted()
        kind, message = (found.kind, found.message) if found else (self.finding.kind or "other", f"it is ${true}$")
        return Diagnosis(kind, self.right.span, message, fix)

    def _mended_by(self, text: str) -> str:
        start, end = self.right.span
        return f"{self.text[:start]}{text}{self.text[end:]}"

    def _confused(self, speaker: Speaker) -> str:
        """Whether the right side is ∂C/∂a where ∂C/∂z was asked for."""
        spoken = speaker.spoken(self.left)
        seats = speaker.seats_of(self.left)
        if spoken is None or spoken.role != "d" or not seats:
            return ""
        loss = t.Letter(speaker.row.loss)
        by = t.By(speaker.quantity(speaker.row.activation, seats[0]))
        other = t.Derivative(loss, (by,), r"\partial", "fraction")
        try:
            return "missing-derivative" if self.judge.relation(other, self.right).verdict == "correct" else ""
        except Meaningless:
            return ""

    # --- trying ---

    def _tried(self, edit: Edit, of_right: bool) -> Diagnosis | None:
        left, right = (self.left, edit.tree) if of_right else (edit.tree, self.right)
        if left == right or self._circular(left, right):
            return None
        try:
            if self.judge.relation(left, right).verdict != "correct":
                return None
        except NO_VALUE:
            return None
        old = self.right if of_right else self.left
        found = Diagnosis(edit.kind, edit.where, self._with_shapes(edit.message))
        self.local = self.local or found
        fix = next(filter(self.confirm, self._fixes(edit.tree, old)), None)
        if fix is None:
            return None
        if not self._general(left, right):
            self.special = self.special or replace(found, fix=fix)
            return None
        return replace(found, fix=fix)

    def _circular(self, left: t.Node, right: t.Node) -> bool:
        """Whether a side is mended by the other, z = z x/x."""
        return self.left in walk(right) and self.left not in walk(self.right)

    def _general(self, left: t.Node, right: t.Node) -> bool:
        """Whether a formula between arrays also holds at widths that differ, and not by chance at these."""
        if self.general is None:
            return True
        try:
            return self.general.relation(left, right).verdict == "correct"
        except NO_VALUE:
            return False

    def _with_shapes(self, message: str) -> str:
        """The shapes that did not fit, in front of what is to be done."""
        error = self.finding.error
        return f"{error.message}; {message}" if isinstance(error, Misfit) else message

    def _assumption(self, symmetric: bool) -> Diagnosis | None:
        """A condition under which the formula holds, and which was not assumed."""
        found = missing_assumption(self.judge, symmetric)
        message = f"this holds only under a condition that was not assumed: ${found}$"
        return None if found is None else Diagnosis("assumption", self.right.span, message)

    def _omitted(self) -> Diagnosis | None:
        """A path of the chain rule that was left out, or a derivative on it."""
        try:
            found = omissions(self.judge, self.left, self.right)
        except NO_VALUE:
            return None
        return None if found is None else Diagnosis(found[0], self.right.span, found[1])

    def _fixes(self, tree: t.Node, old: t.Node) -> Iterator[str]:
        """The mended formula, as little as can be written anew: the part that changed, the side, the side as canon."""
        below, part = changed(old, tree)
        if below is not old and any(below.span):
            yield spliced(self.text, below.span, unread(self._kept(part, below)))
        yield self._mended(self._kept(tree, old), old)
        yield self._mended(tree, old)

    def _mended(self, tree: t.Node, old: t.Node) -> str:
        start, end = old.span
        return f"{self.text[:start]}{unread(tree)}{self.text[end:]}"

    def _kept(self, tree: t.Node, old: t.Node) -> t.Node:
        """The tree in which everything that stood in the old one is spelled as it was typed."""
        typed = {
            part: self.text[slice(*part.span)] for part in walk(old) if isinstance(part, _SPELLED) and any(part.span)
        }

        def keep(part: t.Node) -> t.Node:
            return t.Letter(typed[part], span=part.span) if part in typed else mapped(part, keep)

        return keep(tree)

    def _unmended(self) -> Diagnosis:
        """What can be said without a repair."""
        kind = self.finding.kind or "other"
        error = self.finding.error
        where = error.part.span if error is not None and any(error.part.span) else self.right.span
        message = self.finding.message or (error.message if error is not None else "the two sides are not equal")
        return Diagnosis(kind, where, message)

    # --- candidates ---

    def _candidates(self) -> Iterator[tuple[Edit, bool]]:
        """Single edits of the right side, then of the left, then pairs on the right."""
        singles = []
        for edit in self._singles(self.right, self.left):
            singles.append(edit)
            yield edit, True
        if not isinstance(self.left, t.Derivative):
            small = sorted(self._of_left(), key=lambda edit: edit.cost)
            yield from ((edit, False) for edit in small[:200])
        for first in singles[:60]:
            seconds = (edit for edit in islice(self._singles(first.tree, self.left), 60) if first.cost + edit.cost < 3)
            for second in seconds:
                kind = first.kind if first.cost <= second.cost else second.kind
                message = f"{first.message}; {second.message}"
                yield Edit(second.tree, kind, first.where, message, first.cost + second.cost), True

    def _singles(self, side: t.Node, other: t.Node) -> Iterator[Edit]:
        """Edits in the order of their cost: the small ones first, and the large ones only if they are needed."""
        seen: set[t.Node] = {side}
        for tier in (self._small, self._large):
            for edit in sorted(islice(tier(side, other), MOST_EDITS), key=lambda edit: edit.cost):
                if edit.tree not in seen:
                    seen.add(edit.tree)
                    yield edit

    def _small(self, side: t.Node, other: t.Node) -> Iterator[Edit]:
        candidate = self.judge.candidate
        yield from sums(side, self._lonely(side, other))
        yield from indices(side, other)
        if isinstance(candidate, NetworkCandidate):
            speaker = Speaker(candidate, other, side)
            yield from layers(side, other, candidate.first + len(candidate.question.layers), speaker.layered)
            yield from networks.small(side, speaker)
        yield from algebra.small(
            side, self._ratios(side, other), self._constants(side, other), self._arrays(side, other)
        )

    def _of_left(self) -> Iterator[Edit]:
        """Repairs of the left side: what changes its subject is none."""
        side, other = self.left, self.right
        yield from indices(side, other)
        yield from algebra.small(side, [], [], self._arrays(side, other))

    def _large(self, side: t.Node, other: t.Node) -> Iterator[Edit]:
        candidate = self.judge.candidate
        if isinstance(candidate, NetworkCandidate):
            yield from networks.large(side, other, Speaker(candidate, other, side))
        yield from algebra.large(side, self._arrays(side, other))
        yield from unsummed(side)
        yield from missing_factors(side, self._quantities(side, other))
        if isinstance(candidate, GivenCandidate):
            yield from missing_divisions(side, [one for one, *_ in self._quantities(side, other)])

    def _lonely(self, side: t.Node, other: t.Node) -> list[str]:
        """Index letters of this side alone."""
        setting = self.judge.settings[0]
        env = {letter: setting.layers()[1] for letter in setting.layer_letters(side) | setting.layer_letters(other)}
        try:
            ours, theirs = ranges(setting.scene, (side,), env), ranges(setting.scene, (other,), env)
        except Meaningless:
            return []
        return [name for name in ours if name not in theirs]

    def _ratios(self, side: t.Node, other: t.Node) -> list[Fraction]:
        """The constants by which a side may differ from the other, found from values at one point."""
        for setting in self.judge.settings[:1]:
            try:
                pairs = self.judge.values(setting, other, side)
                for _, enclosure in islice(setting.enclosures(), 3):
                    for truth, ours in pairs:
                        above, below = enclosure.of(truth), enclosure.of(ours)
                        found = [one for one in _CONSTANTS if bool((above - below * _ball(one)).contains(0))]
                        if len(found) == 1:
                            return found
            except (*NO_VALUE, Undefined):
                continue
        return []

    def _arrays(self, *sides: t.Node) -> bool:
        """Whether a quantity of the sides stands for an array."""
        setting = self.judge.settings[0]
        letters = {letter for side in sides for letter in setting.layer_letters(side)}
        env = dict.fromkeys(letters, setting.layers()[2]) if letters else {}
        for side in sides:
            for part in walk(side):
                if isinstance(part, t.Letter | t.Scripted) and self._is_array(setting, part, env):
                    return True
        return False

    def _is_array(self, setting: Setting, part: t.Node, env: Env) -> bool:
        try:
            value = setting.scene.quantity(part, env)
        except (Meaningless, ShapeError):
            return False
        return value is not None and not value.scalar

    def _constants(self, side: t.Node, other: t.Node) -> list[t.Node]:
        """Letters for numbers of entries, n, that the formula or the definitions use."""
        setting = self.judge.settings[0]
        every = (*walk(side), *walk(other), *self._defined())
        parts: list[t.Node] = [one for one in every if isinstance(one, t.Letter)]
        return [part for part in dict.fromkeys(parts) if setting.scene.whole(part, {}) is not None][:3]

    def _quantities(self, side: t.Node, other: t.Node) -> list[tuple[t.Node, str, str, float]]:
        """Quantities that may be missing as factors: those that the sides or the definitions mention."""
        found: dict[t.Node, None] = {}
        for part in (*walk(side), *walk(other), *self._defined()):
            if isinstance(part, t.Letter | t.Scripted):
                found[part] = None
        scripts: frozenset[t.Node] = frozenset(
            part for node in found if isinstance(node, t.Scripted) for part in walk(node) if part is not node
        )
        kept = [node for node in found if node not in scripts][:14]
        return [(node, "missing-term", f"the factor {shown(node)} is missing", 2.0) for node in kept]

    def _defined(self) -> Iterator[t.Node]:
        candidate = self.judge.candidate
        if isinstance(candidate, GivenCandidate):
            for one in candidate.names.definitions:
                yield from walk(one.left)
                yield from walk(one.body)


def _ball(value: Fraction) -> object:
    return arb(fmpq(value.numerator, value.denominator))


_CONSTANTS = tuple(
    sorted(
        {Fraction(sign * above, below) for above in range(1, 7) for below in range(1, 7) for sign in (1, -1)}
        - {Fraction(1)}
    )
)
