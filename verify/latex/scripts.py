r"""Scripts: what stands after ^ and _, in all the ways in which layers, primes and transposes are stacked there.

    a^{[l-1]T}   →  Raised(l - 1, "["), Transpose          W^{(l+1)^T}  →  Raised(l + 1, "("), Transpose
    g^{[l]'}     →  Raised(l, "["), Prime                  A^{-\top}    →  Raised(-1), Transpose(\top)
    w^{l+1}      →  Raised(l + 1)                          x^{\odot 2}  →  Raised(2, "\odot")

Whether a `Raised` is a layer or a power is not decided here.
"""

from __future__ import annotations

from verify.latex.attach import primes_joined
from verify.latex.lexer import Token
from verify.latex.stream import Stream
from verify.latex.tree import Bracket, Ellipsis, Fence, Letter, Mark, Negation, Node, Number, Prime, Raised, Script
from verify.latex.tree import Transpose as TransposeMark

FENCES: dict[str, Fence] = {"(": "(", "[": "[", "{": "{", "<": "<", r"\odot": r"\odot", r"\circ": r"\circ"}
_CLOSES = {"(": ")", "[": "]", "{": "}", "<": ">"}
_ENDS_A_FENCE = frozenset(("^", "comma", "prime", "transpose"))
_BINARY = frozenset(("plus", "tight", "loose", "slash", "^", "_", "font", "accent", "relation", "partial", "nabla"))


class Scripts(Stream):
    """The layer that reads scripts; `font` is the font that letters are set in, which scripts do not inherit."""

    font = ""
    in_script = False

    # --- one argument of TeX --------------------------------------------------------------------------------------

    def argument(self, brackets: bool = False) -> tuple[int, int]:
        r"""The places of one argument's tokens: a group, or a single token; moves behind it.

        With `brackets`, ^(2) is read as ^{(2)}, since a lone bracket cannot be a script.
        """
        token = self.peek()
        start = self.at
        if token.kind == "{":
            self.at = self.partner(start) + 1
            return start + 1, self.at - 1
        if token.kind == "number" and len(token.name) > 1:
            self.refuse(token, f"without braces TeX takes only the first digit of {token.name}: write {{{token.name}}}")
        if token.kind == "open" and brackets:
            end = self.matching(start)
            if end is not None:
                self.at = end + 1
                return start, self.at
        self.take()
        self.deeper()
        for _ in range({"font": 1, "accent": 1, "root": 1, "fraction": 2}.get(token.kind, 0)):
            self.argument()
        self.depth -= 1
        if token.kind in (
            "}",
            "close",
            "open",
            "newline",
            "&",
            "relation",
            "comma",
            "^",
            "_",
            "big",
            "begin",
            "finish",
        ):
            self.refuse(token, "a script or an argument is missing here")
        return start, self.at

    # --- the scripts of a base ------------------------------------------------------------------------------------

    def scripts(self, power: bool = False) -> tuple[Script | None, tuple[Mark, ...]]:
        """All scripts that follow, in any order; with `power`, an upper one without a fence is one exponent."""
        lower: Script | None = None
        upper: list[Mark] = []
        again = False
        while self.at < self.stop:
            token = self.tokens[self.at]
            if token.kind == "prime":
                upper.append(self._primes())
            elif token.kind == "^":
                self.at += 1
                if not again and any(not isinstance(mark, Prime) for mark in upper):
                    self.refuse(token, "a second upper script: braces are needed to say which belongs to what")
                upper += self.marks(*self.argument(brackets=True), power=power)
            elif token.kind == "_":
                if lower is not None:
                    self.refuse(token, "a second lower script: braces are needed to say which belongs to what")
                self.at += 1
                lower = self.script(*self.argument(brackets=True), token.start)
            elif self._empty_group() and not self._begins_left_scripts():
                self.at += 2
                again = True
            else:
                break
        self.limited(len(upper), "upper scripts on one base")
        return lower, primes_joined(upper)

    def _primes(self) -> Prime:
        first = self.take()
        count = 1
        while self.accept("prime"):
            count += 1
        return Prime(count, span=self.span(first.start))

    def _empty_group(self) -> bool:
        """Whether {} follows, with a script behind it."""
        return self.peek().kind == "{" and self.peek(1).kind == "}" and self.peek(2).kind in ("^", "_")

    def _begins_left_scripts(self) -> bool:
        """Whether the scripts behind {} belong to a letter that follows them."""
        outer = self.at
        self.at += 2
        while self.accept("^") or self.accept("_"):
            self.argument(brackets=True)
        found = self.peek().kind in ("letter", "font", "accent")
        self.at = outer
        return found

    # --- lower scripts --------------------------------------------------------------------------------------------

    def script(self, start: int, stop: int, begin: int) -> Script:
        """The items of a lower script, between commas; `begin` is the offset of its sign."""
        start, stop = self._unwrapped(start, stop)
        if start == stop:
            self.refuse(self.tokens[start - 1], "an empty script")
        outer = self.in_script, self.font
        self.in_script, self.font = True, ""
        items = self.within(start, stop, self.items)
        self.in_script, self.font = outer
        return Script(items, span=(begin, self.tokens[stop - 1].end))

    def items(self) -> tuple[Node, ...]:
        """A list between commas (in scripts also colons and line breaks)."""
        found = [self.item()]
        while self.accept("comma") or (self.in_script and (self.accept("colon") or self.accept("newline"))):
            found.append(self.item())
        return tuple(found)

    def item(self) -> Node:
        """One entry of a list; here an ellipsis may stand."""
        token = self.accept("ellipsis")
        return Ellipsis(span=(token.start, token.end)) if token else self.comparison()

    def _unwrapped(self, start: int, stop: int) -> tuple[int, int]:
        """Without needless braces and \\substack around all of it."""
        while start < stop:
            if self.tokens[start].kind == "group":
                start += 1
            elif self.tokens[start].kind == "{" and self.partner(start) == stop - 1:
                start, stop = start + 1, stop - 1
            else:
                break
        return start, stop

    # --- upper scripts --------------------------------------------------------------------------------------------

    def marks(self, start: int, stop: int, power: bool = False) -> tuple[Mark, ...]:
        """The marks in an upper script, in order."""
        start, stop = self._unwrapped(start, stop)
        if start == stop:
            self.refuse(self.tokens[start - 1], "an empty script")
        outer = self.in_script, self.font
        self.in_script, self.font = False, ""
        self.deeper()
        found = self.within(start, stop, lambda: self._marks(power))
        self.depth -= 1
        self.in_script, self.font = outer
        return found

    def _marks(self, power: bool) -> tuple[Mark, ...]:
        found: list[Mark] = []
        while self.at < self.stop:
            token = self.peek()
            if token.kind == "prime":
                found.append(self._primes())
            elif turned := self._transpose():
                found.append(turned)
            elif fenced := self._fenced(power):
                found.append(fenced)
            elif found and token.kind == "comma":
                self.at += 1
            elif found and token.kind == "^":
                self.at += 1
                found += self._stacked()
            else:
                found += self._bare(power)
        return tuple(found)

    def _stacked(self) -> tuple[Mark, ...]:
        """The T of (l+1)^T within a script."""
        token = self.peek()
        found = self.marks(*self.argument())
        if any(isinstance(mark, Raised) for mark in found):
            self.refuse(token, "a power within an upper script: brackets are needed to say of what")
        return found

    def _transpose(self) -> TransposeMark | None:
        """A sign of transposition, if one follows that is not a letter of an expression."""
        end, certain = self._sign_of_transposition(self.at)
        if end is None or (not certain and not self._ends(end)):
            return None
        start = self.tokens[self.at].start
        self.at = end
        return TransposeMark(r"\top" if certain else "T", span=self.span(start))

    def _sign_of_transposition(self, place: int) -> tuple[int | None, bool]:
        r"""Where a T, \top or \mathsf{T} at this place ends, and whether it can be nothing else."""
        token = self.tokens[place]
        if token.kind == "transpose":
            return place + 1, True
        if token.kind == "letter" and token.name == "T":
            return place + 1, False
        if token.kind in ("text", "word") and token.name.strip() == "T":
            return place + 1, True
        if token.kind == "font" and token.name in ("mathrm", "mathsf", "mathtt", "plain", "boldsymbol"):
            braces = place + 1 < self.stop and self.tokens[place + 1].kind == "{"
            inner = place + 2 if braces else place + 1
            if inner + braces < self.stop and self.tokens[inner].name in ("T", r"\top"):
                closed = not braces or self.tokens[inner + 1].kind == "}"
                return (inner + 1 + braces if closed else None), True
        return None, False

    def _ends(self, place: int) -> bool:
        """Whether an upper script, or one of its parts, can end in front of this place."""
        if place >= self.stop:
            return True
        if self.tokens[place].kind == "open":
            end = self.matching(place)
            return end is not None and self._ends(end + 1)
        if self.tokens[place].kind in _ENDS_A_FENCE:
            return True
        return self._sign_of_transposition(place)[0] is not None

    def _fenced(self, power: bool) -> Mark | None:
        """A part in brackets that is not the beginning of an expression."""
        token = self.peek()
        end = self._fence_end()
        if end is None or not self._ends(end + 1) or (power and (end + 1 < self.stop or token.name == "{")):
            return None
        place = self.at
        items = self.within(place + 1, end, self.items)
        self.at = end + 1
        fence = FENCES["<" if token.kind == "relation" else token.name]
        span = self.span(token.start)
        if len(items) == 1:
            return Raised(items[0], fence, span=span)
        return Raised(Bracket(fence, items, span=span), span=span)

    def _fence_end(self) -> int | None:
        """The place of the bracket that closes the one that follows; < and > are brackets here."""
        token = self.peek()
        if token.kind == "open" and token.name in _CLOSES:
            end = self.matching(self.at)
            return end if end is not None and self.tokens[end].name == _CLOSES[token.name] else None
        if token.kind == "relation" and token.name == "less":
            last = self.tokens[self.stop - 1]
            return self.stop - 1 if last.kind == "relation" and last.name == "greater" else None
        return None

    def _bare(self, power: bool) -> list[Mark]:
        """An expression without brackets around it, and the marks that stand behind it."""
        first = self.peek()
        if first.kind in ("loose", "plus") and self._cut() == self.at + 1:
            return [self._lone(self.take())]
        fence: Fence = ""
        if first.kind == "loose" and first.name in (r"\odot", r"\circ"):
            fence = FENCES[self.take().name]
        cut = self.stop if power else self._cut()
        start = self.tokens[self.at].start
        body = self.within(self.at, cut, self.expression)
        self.at = cut
        span = (start, self.tokens[cut - 1].end)
        if isinstance(body, Bracket) and len(body.items) == 1 and not fence and not power:
            return [Raised(body.items[0], body.fence, span=span)]
        return [Raised(body, fence, span=span)]

    def _lone(self, token: Token) -> Raised:
        """A sign that stands alone as a script, such as the star of w^*; the minus of A^{-T} is an inverse."""
        place = (token.start, token.end)
        if token.name == "-" and self.at < self.stop and self.tokens[self.at].kind != "prime":
            return Raised(Negation(Number("1", span=(token.end, token.end)), span=place), span=place)
        return Raised(Letter(token.name, span=place), span=place)

    def _cut(self) -> int:
        """Where the expression ends and its marks, or a comma, begin."""
        end, at = self.stop, self.at
        while at < self.stop:
            kind = self.tokens[at].kind
            if kind == "comma":
                end = at
                break
            after = self.partner(at) if kind == "{" else self.matching(at) if kind == "open" else at
            at = (at if after is None else after) + 1
        while end - 1 > self.at:
            begin = self._mark_before(end)
            if begin is None or begin <= self.at:
                break
            before = self.tokens[begin - 1].kind
            if before in _BINARY and not (before in ("plus", "loose") and begin - 1 == self.at):
                break
            end = begin
        return end

    def _mark_before(self, end: int) -> int | None:
        """Where a prime or a sign of transposition begins that ends at this place; None if there is none."""
        if self.tokens[end - 1].kind == "prime":
            return end - 1
        for begin in (end - 4, end - 2, end - 1):
            if begin >= self.at and self._sign_of_transposition(begin)[0] == end:
                return begin
        return None
