r"""\left(, \bigl[ and \right| as plain brackets: a pass over the tokens, one before/after in each line.

\left (   →  an opening (          \right |  →  a closing |
\left .   →  an opening .          \bigl |   →  an opening |
\big |    →  a bar, to be told apart by where it stands
"""

from __future__ import annotations

from verify.latex.errors import Unreadable
from verify.latex.lexer import Token

_SIDES = {"left": "open", "right": "close"}


def sized(tokens: list[Token]) -> list[Token]:
    """The tokens with each size and the delimiter behind it made one.  Raises `Unreadable` where none follows."""
    if not any(token.kind in ("left", "right", "size", "middle") for token in tokens):
        return tokens
    found: list[Token] = []
    waiting: Token | None = None
    for token in tokens:
        if waiting is not None:
            found.append(_joined(waiting, token))
            waiting = None
        elif token.kind in ("left", "right", "size"):
            waiting = token
        elif token.kind == "middle":
            raise Unreadable(r"\middle is not read", token.start, token.end)
        else:
            found.append(token)
    if waiting is not None:
        raise Unreadable("no bracket follows", waiting.start, waiting.end)
    return found


def _joined(size: Token, token: Token) -> Token:
    """One token of the two."""
    side = _SIDES.get(size.kind, size.name if size.kind == "size" else "")
    name = "<" if token.name == "less" else ">" if token.name == "greater" else token.name
    if token.kind in ("open", "close"):
        if side in ("open", "close") and side != token.kind:
            raise Unreadable("a bracket that opens to the wrong side", size.start, token.end)
        return Token(token.kind, name, size.start, token.end, size.gap)
    if token.kind == "bar" or name in ("<", ">"):
        return Token(side if side != "any" else "bar", name, size.start, token.end, size.gap)
    if token.kind == "stop" and side != "any":
        return Token(side, ".", size.start, token.end, size.gap)
    if token.kind == "slash":
        return token._replace(start=size.start, gap=size.gap)
    raise Unreadable("no bracket follows this size", size.start, token.end)
