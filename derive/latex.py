r"""A formula of a derivation as LaTeX.

latex(d.matrix("delta", 1), d)   →   \delta^{2} = (w^{3})^{T} \delta^{3} \odot \sigma'(z^{2})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.emit.latex import latex as emitted
from derive.formula import Writer
from derive.network import Network
from derive.program import Program

if TYPE_CHECKING:
    from derive.derivation import Derivation


def latex(thing: Any, derivation: Derivation | Network | Program, notation: str = "nielsen") -> str:
    """The LaTeX of a step, an equation, an expression or a part of one, in a notation of `NOTATIONS`.

    Raises `Unprintable` for a kind of thing that cannot be written and `UnknownName` for an unknown notation.
    """
    return emitted(Writer(derivation, notation).box(thing))
