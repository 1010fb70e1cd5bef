r"""What somebody wrote as definitions: which names there are, which scripts belong to a name, and which are indices.

    z = b + w x            a number                    P_{ij} = …      an array, by its entries
    s(x) = …               a function                  \mu_B = …       a number: B is part of the name
    L = L(Y)               an opaque function          W_1, x^{[1]}    names with a number in them

Raises `Unreadable` where a line defines nothing, a name is defined twice, or the text cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from verify.latex import Statement, Unreadable, read, resolved, unread
from verify.latex import tree as t
from verify.latex.tables import FUNCTIONS
from verify.latex.walk import children, walk
from verify.meaning.functions import ACTIVATION_WORDS, KNOWN
from verify.meaning.indices import bound_by, letters_of
from verify.meaning.naming import FUNCTION_LETTERS, INDEX_LETTERS, Definition, Name, Names, name_text
from verify.meaning.roles import spelling
from verify.meaning.words import defining

# --- reading --------------------------------------------------------------------------------------------------------


def names(
    given: Iterable[str],
    shapes: dict[str, tuple[int | str, ...]],
    claims: Iterable[t.Node],
    beside: Iterable[tuple[t.Node, t.Node]] = (),
    axes: Mapping[str, int] | None = None,
) -> Names:
    """Everything that definitions, those beside the claims, and the claims name; `axes` of what else is an array."""
    found = Names(arrays=dict(axes or {}))
    pairs = [*(pair for text in given for pair in _equations(text)), *beside]
    bodies = [side for pair in pairs for side in pair] + list(claims)
    found.trees = bodies
    _shapes(found, shapes)
    mentioned = {spelling(part) for pair in pairs for side in pair for part in walk(side) if isinstance(part, t.Letter)}
    found.units = not any(name == "e" or name.startswith("e_") for name in (*mentioned, *found.shapes))
    found.plain = set(_plain(bodies, set(_bound(bodies))))
    found.sizes |= set(_limits(bodies))
    found.letters |= set(_bound(bodies))
    for left, right in pairs:
        found.letters |= _defined_indices(found, left, right)
    _fixed(found, pairs)
    _arrays(found, bodies)
    _functions(found, pairs, bodies)
    for left, right in pairs:
        _define(found, left, right)
    _late(found)
    return found


def _late(found: Names) -> None:
    """Names for derivatives, and names that are defined by these, in whatever order they stand."""
    speaks: dict[str, set[str]] = {}
    for one in found.definitions:
        parts = list(walk(one.body))
        speaks[one.name.text] = {named[0] for part in parts if (named := found.named(part)) is not None}
        if any(isinstance(part, t.Derivative) for part in parts):
            found.late.add(one.name.text)
    while more := {name for name, others in speaks.items() if others & found.late} - found.late:
        found.late |= more


def _equations(text: str) -> Iterator[tuple[t.Node, t.Node]]:
    """The equations of a definition."""
    for statement in defining(text).statements:
        if statement.role == "condition" or isinstance(statement.body, t.Range | t.ForAll):
            continue
        if not statement.compares or statement.signs[0].kind not in ("equal", "identical", "define", "update"):
            raise Unreadable(f"a definition needs the form name = expression; found {text[:60]!r}", 0, 0)
        if sentence := more_than_one(statement):
            raise Unreadable(sentence, 0, 0)
        yield statement.sides[0], statement.sides[1]


def more_than_one(statement: Statement) -> str:
    """Why f = A = B is no definition: nothing would say whether A and B are equal; nothing for f = A."""
    if len(statement.sides) < 3:
        return ""
    left, *rights = (unread(one)[:60] for one in statement.sides)
    said = [f"“{left} = {one}”" for one in rights]
    return f"a definition says once what {left} is: write {', '.join(said[:-1])} or {said[-1]}"


def _shapes(found: Names, shapes: dict[str, tuple[int | str, ...]]) -> None:
    for key, sizes in shapes.items():
        statements = read(key).statements
        if len(statements) != 1:
            raise Unreadable(f"`shapes` names {key!r}, which is no letter", 0, 0)
        node = statements[0].body
        base = node.base if isinstance(node, t.Scripted) else node
        if not isinstance(base, t.Letter):
            raise Unreadable(f"`shapes` names {key!r}, which is no letter", 0, 0)
        upper = (
            next((one.body for one in node.upper if isinstance(one, t.Raised)), None)
            if isinstance(node, t.Scripted)
            else None
        )
        name = name_text(base, node.lower if isinstance(node, t.Scripted) else None, upper)
        if isinstance(node, t.Scripted):
            found.fixed.add(name)
        found.shapes[name] = sizes
        if sizes:
            found.arrays[name] = len(sizes)
        found.sizes |= {size for size in sizes if isinstance(size, str)}


def _limits(nodes: Iterable[t.Node]) -> Iterator[str]:
    """Letters over a sum."""
    for node in nodes:
        for part in walk(node):
            if isinstance(part, t.Big) and part.over is not None:
                over = part.over.sides[-1] if isinstance(part.over, t.Comparison) else part.over
                if isinstance(over, t.Letter):
                    yield spelling(over)
                elif isinstance(over, t.Scripted) and isinstance(over.base, t.Letter) and not over.upper:
                    yield name_text(over.base, over.lower)


def _plain(nodes: Iterable[t.Node], bound: set[str]) -> Iterator[str]:
    """Letters of which a lower script is no index, p_w: then p_l is none either."""
    for node in nodes:
        for part in walk(node):
            if isinstance(part, t.Scripted) and isinstance(part.base, t.Letter) and part.lower is not None:
                letters = letters_of(part.lower)
                if letters and not letters & (INDEX_LETTERS | bound):
                    yield spelling(part.base)


def _bound(nodes: Iterable[t.Node]) -> Iterator[str]:
    for node in nodes:
        for part in walk(node):
            if isinstance(part, t.Big):
                yield from bound_by(part)


def _subscripts(node: t.Node) -> Iterator[str]:
    """Letters in lower scripts, and in round upper ones."""
    for part in walk(node):
        if isinstance(part, t.Scripted) and part.lower is not None:
            for item in part.lower.items:
                yield from letters_of(item)
        if isinstance(part, t.Scripted):
            for mark in part.upper:
                if isinstance(mark, t.Raised) and mark.fence in ("(", "["):
                    yield from letters_of(mark.body)


def _defined_indices(found: Names, left: t.Node, right: t.Node) -> set[str]:
    """The letters of a left side's scripts that are indices."""
    ours = set(_subscripts(left))
    theirs = set(_subscripts(right))
    return {one for one in ours if (one in theirs and one.islower()) or one in INDEX_LETTERS or one in found.letters}


def _fixed(found: Names, pairs: list[tuple[t.Node, t.Node]]) -> None:
    """Names with scripts: left sides whose scripts are no indices, with a power that is part of the name."""
    for left, _ in pairs:
        if not isinstance(left, t.Scripted) or not isinstance(left.base, t.Letter):
            continue
        raised = next((mark for mark in left.upper if isinstance(mark, t.Raised)), None)
        sample = raised is not None and raised.fence in ("(", "[") and letters_of(raised.body) & found.letters
        body = raised.body if raised is not None and not sample else None
        lower = left.lower
        if lower is not None and letters_of(lower) and letters_of(lower) <= found.letters:
            lower = None
        if lower is not None or body is not None:
            found.fixed.add(name_text(left.base, lower, body))


def _arrays(found: Names, nodes: list[t.Node]) -> None:
    """Letters with indices, and how many; what is an array makes the letters of its scripts indices."""
    for place in range(3):
        for node in nodes:
            for part in walk(node):
                if not isinstance(part, t.Scripted) or not isinstance(part.base, t.Letter):
                    continue
                lower = part.lower
                if place == 0 and _multiple(lower):
                    continue  # x_{2i} is one index where x_i says so, and two where nothing does
                if found.unit(part):
                    found.letters |= letters_of(lower) & INDEX_LETTERS if lower is not None else set()
                    continue
                if lower is not None and (found.indexed(part.base, lower) or _looks_indexed(found, part.base, lower)):
                    found.letters |= letters_of(lower)
                named = found.named(part)
                if named is not None and named[1] and named[0] not in found.arrays:
                    found.arrays[named[0]] = len(named[1])


def _multiple(lower: t.Script | None) -> bool:
    """Whether a script is a number and a letter side by side, 2i."""
    item = lower.items[0] if lower is not None and len(lower.items) == 1 else None
    return isinstance(item, t.Multiplication) and not any(item.signs) and isinstance(item.factors[0], t.Number)


def _looks_indexed(found: Names, base: t.Letter, lower: t.Script) -> bool:
    """Whether a lower script is made of the usual letters for indices."""
    letters = letters_of(lower)
    fixed = name_text(base, lower) in found.fixed or spelling(base) in found.plain
    return bool(letters) and letters <= INDEX_LETTERS and not fixed


def _functions(found: Names, pairs: list[tuple[t.Node, t.Node]], nodes: list[t.Node]) -> None:
    """Letters that are functions: defined with arguments, opaque, or never seen without a bracket."""
    for left, right in pairs:
        head = _head(left)
        if head is not None:
            found.functions[head] = Definition(Name(head), left, right, parameters=_parameters(left))
        inner = _head(right)
        if inner is not None and isinstance(left, t.Letter | t.Scripted):
            named = found.named(left)
            if named is not None and named[0] == inner:
                found.opaque.add(inner)
    written = [side for pair in pairs for side in pair]
    alone, applied = _occurrences(written)
    here, there = _occurrences([node for node in nodes if node not in written])
    applied, alone = applied | (there - here), alone | (here - applied)
    found.said = set(_said(nodes, {spelling(left) for left, _ in pairs if isinstance(left, t.Letter)}))
    defined = {named[0] for left, _ in pairs if (named := found.named(left)) is not None and _head(left) is None}
    for name in applied - alone:
        if (
            name in FUNCTION_LETTERS
            and name not in found.functions
            and name not in defined
            and name not in found.arrays
        ):
            found.opaque.add(name)


def _said(nodes: list[t.Node], defined: set[str]) -> Iterator[str]:
    """Numbers that are written with what they depend on, f(x) for f: the usual letters, of letters alone."""
    for node in nodes:
        for part in walk(node):
            if isinstance(part, t.Applied) and isinstance(part.head, t.Letter) and spelling(part.head) in defined:
                items = part.bracket.items
                if spelling(part.head) in FUNCTION_LETTERS and all(isinstance(one, t.Letter) for one in items):
                    yield spelling(part.head)


def _head(node: t.Node) -> str | None:
    """The letter that is applied, if the node is nothing but an application."""
    if isinstance(node, t.Applied) and isinstance(node.head, t.Letter) and not node.lower and not node.upper:
        return spelling(node.head)
    if isinstance(node, t.Call) and isinstance(node.function, t.Letter) and isinstance(node.argument, t.Bracket):
        word = node.function.name.lstrip("\\")
        return spelling(node.function) if word not in FUNCTIONS or word.lower() in ACTIVATION_WORDS else None
    return None


def _parameters(node: t.Node) -> tuple[str, ...]:
    items = node.bracket.items if isinstance(node, t.Applied) else node.arguments if isinstance(node, t.Call) else ()
    found = []
    for one in items:
        if not isinstance(one, t.Letter):
            raise Unreadable("a function is defined with letters as arguments, f(x, y) = …", *one.span)
        found.append(spelling(one))
    return tuple(found)


def _occurrences(nodes: list[t.Node]) -> tuple[set[str], set[str]]:
    """The letters that stand alone somewhere, and those that stand in front of a bracket somewhere."""
    alone: set[str] = set()
    applied: set[str] = set()

    def visit(node: t.Node) -> None:
        if isinstance(node, t.Applied | t.Call):
            head = node.head if isinstance(node, t.Applied) else node.function
            base = head.base if isinstance(head, t.Scripted) else head
            if isinstance(base, t.Letter):
                applied.add(spelling(base))
            rest = (node.bracket,) if isinstance(node, t.Applied) else (node.argument,)
            for one in rest:
                visit(one)
            return
        if isinstance(node, t.Derivative) and isinstance(node.operand, t.Letter):
            for by in node.by:
                visit(by.variable)
            return
        if isinstance(node, t.Letter):
            alone.add(spelling(node))
        for part in children(node):
            visit(part)

    for node in nodes:
        visit(node)
    return alone, applied


def _define(found: Names, left: t.Node, right: t.Node) -> None:
    if _head(left) is not None:
        return
    named = found.named(left)
    if named is None or any(not isinstance(mark, t.Raised) for mark in named[2]):
        shown = unread(left)[:60]
        hint = "; a prime is no part of a name: write c_1 or \\hat{c}" if "prime" in shown else ""
        raise Unreadable(f"a definition needs a name on its left side; found {shown}{hint}", 0, 0)
    name, indices, _ = named
    if any(one.name.text == name for one in found.definitions):
        raise Unreadable(f"{name} is defined twice", 0, 0)
    if any(not isinstance(one, t.Letter) for one in indices):
        raise Unreadable(
            f"{unread(left)[:60]} defines a single entry; every entry is defined by letters, as in x_i", 0, 0
        )
    opaque = _head(right) == name
    found.definitions.append(Definition(Name(name), left, right, indices, opaque=opaque))


def applies(found: Names, head: t.Node) -> bool:
    """Whether a letter in front of a bracket is a function."""
    if isinstance(head, t.Derivative):
        return applies(found, head.operand)
    base = head.base if isinstance(head, t.Scripted) else head
    if not isinstance(base, t.Letter):
        return False
    name = spelling(base)
    if name in found.functions or name in found.opaque:
        return True
    if name in found.said:
        return True
    known = any(one.name.text == name for one in found.definitions) or name in found.arrays
    return base.word and not known and (base.font == "mathrm" or base.name.lower() in KNOWN)


def meant(found: Names, node: t.Node) -> t.Node:
    """The tree with calls told from products."""
    return resolved(node, lambda head: applies(found, head))
