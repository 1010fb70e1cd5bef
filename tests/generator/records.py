"""Records for the checker with what is known about them: the verdict by numbers, and the mistakes that were made."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.generator import mistakes, networks, reader, slips, spelling, systems
from tests.generator.claims import hidden, random_claim
from tests.generator.expressions import Claim
from tests.generator.numbers import Label, label
from tests.generator.roles import GivenRoles, NetworkRoles
from tests.generator.rules import array
from tests.generator.systems_of_arrays import ARRAYS
from tests.generator.systems_of_units import UNITS
from tests.generator.typography import Printer, printed
from tests.generator.units import LettersUsedUp
from tests.generator.variation import variation
from tests.generator.worlds import Net, World

POINTS, MANY = 5, 40
SYSTEMS = UNITS + ARRAYS
DEFAULTS = {"layers": [2, 3, 1], "activations": "sigmoid", "loss": "half-squared-error", "bias": True}


@dataclass(frozen=True)
class Record:
    """A record with its label.

    `expect` is correct or incorrect; `kinds` are what a first diagnosis may be, where one mistake was made;
    `first_error` counts the relations of a chain from 1; `truth` is the formula before any mistake.
    """

    seed: int
    question: dict[str, Any]
    expect: str
    family: str
    mistakes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first_error: int | None = None
    relations: int = 1
    why: str = ""
    truth: str = ""
    claim: Claim | None = field(default=None, compare=False, repr=False)
    net: Net | None = None
    worlds: Sequence[World] = field(default=(), compare=False, repr=False)
    notation: str = ""


class Dropped(Exception):
    """A record that is not asked about; the message says why."""


def labels(claim: Claim, worlds: Sequence[World]) -> list[Label]:
    """The label of every relation."""
    return [label(left, right, worlds, hidden(claim)) for left, right in claim.relations]


def judged(claim: Claim, worlds: Sequence[World]) -> list[Label]:
    """The labels of a claim; raises `Dropped` where one is not certain."""
    found = labels(claim, worlds)
    unclear = [one.why for one in found if one.verdict == "drop"]
    if unclear:
        raise Dropped(unclear[0])
    return found


def with_mistakes(
    claim: Claim, count: int, rng: random.Random, net: Net | None
) -> tuple[Claim, list[mistakes.Mistake]]:
    """The claim with so many mistakes in its right sides."""
    made: list[mistakes.Mistake] = []
    for _ in range(count):
        line = rng.randrange(len(claim.lines))
        side = rng.randrange(1, len(claim.lines[line]))
        found = slips.mistaken(claim.lines[line][side], claim.lines[line][0], rng, net)
        if found is not None:
            claim = claim.with_side(line, side, found[0])
            made.append(found[1])
    return claim, made


def claims_arrays(claim: Claim) -> bool:
    """Whether a claim is about whole arrays."""
    return any(array(side) for line in claim.lines for side in line)


def evident(text: str, style: spelling.Style) -> bool:
    """Whether the formula shows its notation as clearly as `auto` needs."""
    marks = {"nielsen": r"[wazδ]\^[0-9lL{]|\\delta\^[0-9lL{]", "ng": r"\^\{\[", "goodfellow": r"h\^\{\(|h_\w\^\{\(",
             "bishop": r"(?<![a-zA-Z\\])t_", "augmented": r"\{\}\^"}  # fmt: skip
    return re.search(marks[style.notation], text) is not None


def network_record(seed: int, count: int | None = None) -> Record:
    """A record about a random network with `count` mistakes, or a random number of them; raises `Dropped`."""
    rng = random.Random(f"network {seed}")
    net = networks.random_net(rng)
    notation, auto = rng.choice(sorted(spelling.NOTATIONS)), rng.random() < 0.2
    style = spelling.random_style(rng, notation, auto)
    if style.loss == "L" and any(name == "logistic" for name, _ in net.activations):
        style = replace(style, loss="J")  # L is the ceiling of the function there
    net = replace(net, augmented=notation == "augmented")
    try:
        truth = variation(random_claim(net, rng, notation), rng)
    except LettersUsedUp as error:
        raise Dropped("no index letter is left") from error
    if style.gap == r" \cdot " and claims_arrays(truth):
        style = replace(style, gap=" ")  # a dot between two vectors may be their inner product
    worlds = networks.worlds(net, seed, POINTS)
    if any(one.verdict != "correct" for one in judged(truth, worlds)):
        raise Dropped("numbers do not confirm the formula without a mistake")
    count = rng.choices((0, 1, 2, 3), (30, 52, 12, 6))[0] if count is None else count
    claim, made = with_mistakes(truth, count, rng, net)
    if any(one.name in mistakes.RANGES for one in made):
        auto = False
    found = judged(claim, worlds)
    if made and all(one.verdict == "correct" for one in found):
        found = judged(claim, networks.worlds(net, seed + 1, MANY))
    names = spelling.Names(net, style)
    state = rng.getstate()
    try:
        text = printed(claim, Printer(names, style, rng))
        rng.setstate(state)
        true = printed(truth, Printer(names, style, rng))
    except ValueError as error:
        raise Dropped(str(error)) from error
    question = {
        key: value for key, value in networks.record(net).items() if value != DEFAULTS[key] or rng.random() < 0.5
    }
    if not (auto and evident(text, style)):
        question["notation"] = notation
    return labelled(seed, {"formula": text, **question}, found, claim, made, true, net, worlds, notation)


def system_record(seed: int, count: int | None = None) -> Record:
    """A record about a system of definitions; as `network_record`."""
    rng = random.Random(f"system {seed}")
    system = rng.choice(SYSTEMS)
    style = replace(spelling.random_style(rng, "nielsen"), place="given", notation="given")
    claim = Claim((rng.choice(system.claims),), f"given/{system.name}")
    truth = variation(claim, rng)
    worlds = systems.worlds(system, seed, POINTS)
    if any(one.verdict != "correct" for one in judged(truth, worlds)):
        raise Dropped("numbers do not confirm the formula without a mistake")
    count = rng.choices((0, 1, 2, 3), (30, 52, 12, 6))[0] if count is None else count
    claim, made = with_mistakes(truth, count, rng, None)
    if style.gap == r" \cdot " and claims_arrays(truth):
        style = replace(style, gap=" ")
    found = judged(claim, worlds)
    if made and found[0].verdict == "correct":
        found = judged(claim, systems.worlds(system, seed + 1, MANY))
    state, printer = rng.getstate(), Printer(systems.GivenNames(), style, rng)
    text = printed(claim, printer)
    rng.setstate(state)
    question: dict[str, Any] = {"formula": text, "given": list(system.given)}
    if system.shapes:
        question["shapes"] = {letter: list(axes) for letter, axes in system.shapes.items()}
    if system.assume:
        question["assume"] = list(system.assume)
    return labelled(seed, question, found, claim, made, printed(truth, printer), None, worlds, "")


def read_back(record: Record, text: str) -> Claim:
    """The claim of a formula in the letters of a record; raises `Strange` and `Unreadable`."""
    world = record.worlds[0]
    if record.net is not None:
        return reader.claim(text, NetworkRoles(record.net, record.notation))
    assert isinstance(world, systems.SystemWorld)
    return reader.claim(text, GivenRoles(world, set(world.sizes)))


def labelled(
    seed: int,
    question: dict[str, Any],
    found: Sequence[Label],
    claim: Claim,
    made: Sequence[mistakes.Mistake],
    truth: str,
    net: Net | None,
    worlds: Sequence[World],
    notation: str,
) -> Record:
    """A record from what the numbers say."""
    wrong = [n for n, one in enumerate(found, 1) if one.verdict == "incorrect"]
    whys = [one.why for one in found if one.why]
    kinds = made[0].kinds if len(made) == 1 and wrong else ()
    if kinds and net is not None and any(name == "linear" for name, _ in net.activations):
        kinds += ("factor",)  # its derivative is one
    return Record(seed, {"id": str(seed), **question}, "incorrect" if wrong else "correct", claim.family,
                  tuple(one.name for one in made), kinds + _more(whys) if kinds else (), wrong[0] if wrong else None,
                  len(found), whys[0] if whys else "", truth, claim, net, worlds, notation)  # fmt: skip


def _more(whys: Sequence[str]) -> tuple[str, ...]:
    """The kinds that a misfit allows as well."""
    found: tuple[str, ...] = ()
    for why in whys:
        if "there is no" in why or "layer" in why:
            found += ("layer",)
        if "entry" in why or "letter" in why or "free" in why:
            found += ("index",)
        if "against" in why or "times" in why:
            found += ("shape",)
    return found
