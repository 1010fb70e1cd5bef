"""The activations, one row each.

A row states the forward formula over a namespace `m` of mathematics (SymPy, NumPy, complex numbers or balls, see
`Mathematics`), so that the derivation, the engine's oracles and the certificates all start from the same line and from
nothing else.  The derivative is never stated: it is derived, and a closed form such as a(1 − a) is found and proved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol


class Mathematics(Protocol):
    """What a formula may use.

    `choose(c, yes, no)` is `yes` where c > 0 and `no` where c < 0; c = 0 is a kink.  `total(f)` is the sum of f
    over the layer, for rows that are not elementwise.
    """

    def exp(self, u: Any) -> Any: ...
    def log(self, u: Any) -> Any: ...
    def sqrt(self, u: Any) -> Any: ...
    def tanh(self, u: Any) -> Any: ...
    def cosh(self, u: Any) -> Any: ...
    def erf(self, u: Any) -> Any: ...
    def abs(self, u: Any) -> Any: ...
    def choose(self, c: Any, yes: Any, no: Any) -> Any: ...
    def number(self, value: int) -> Any: ...
    def total(self, f: Callable[[Any], Any]) -> Any: ...

    @property
    def pi(self) -> Any: ...


@dataclass(frozen=True)
class Activation:
    """A row.

    `symbol` is the LaTeX of the function's name; `forward(m, z, *constants)` its value at one pre-activation, or, where
    `elementwise` is false, at `z` with `m.total(f)` the sum of `f` over the layer.  `constants` maps each constant to
    its value where none is given (`None`: it stays a symbol).  `kinks` are the pre-activations without a derivative,
    `low` and `high` bound the values, `source` names a text that defines it.  A row that is not `named` is written out
    wherever it occurs (a linear layer), instead of being spoken of as a function.
    """

    name: str
    symbol: str
    forward: Callable[..., Any]
    source: str
    low: float = -inf
    high: float = inf
    constants: dict[str, Any] = field(default_factory=dict)
    kinks: tuple[Callable[..., Any], ...] = ()
    elementwise: bool = True
    named: bool = True


def _at_zero(z: Any, *constants: Any) -> Any:
    return z


_ROWS = (
    Activation(
        "step",
        r"\operatorname{step}",
        lambda m, z: m.choose(z, 1, 0),
        "Rosenblatt 1958",
        low=0,
        high=1,
        kinks=(_at_zero,),
    ),
    Activation(
        "linear",
        r"\operatorname{lin}",
        lambda m, z, c: c * z,
        "Goodfellow, Bengio, Courville 2016, 6.2.2.1",
        constants={"c": 1},
        named=False,
    ),
    Activation("sigmoid", r"\sigma", lambda m, z: 1 / (1 + m.exp(-z)), "Nielsen 2015, ch. 1, eq. 3", low=0, high=1),
    Activation(
        "logistic",
        r"\operatorname{logistic}",
        lambda m, z, L, k, z_0: L / (1 + m.exp(-k * (z - z_0))),
        "Verhulst 1838",
        constants={"L": None, "k": None, "z_0": None},
    ),
    Activation("tanh", r"\tanh", lambda m, z: m.tanh(z), "Goodfellow, Bengio, Courville 2016, 6.3.2", low=-1, high=1),
    Activation(
        "relu",
        r"\operatorname{ReLU}",
        lambda m, z: m.choose(z, z, 0),
        "Glorot, Bordes, Bengio 2011",
        low=0,
        kinks=(_at_zero,),
    ),
    Activation(
        "leaky-relu",
        r"\operatorname{LReLU}",
        lambda m, z, alpha: m.choose(z, z, alpha * z),
        "Maas, Hannun, Ng 2013",
        constants={"alpha": None},
        kinks=(_at_zero,),
    ),
    Activation(
        "elu",
        r"\operatorname{ELU}",
        lambda m, z, alpha: m.choose(z, z, alpha * (m.exp(z) - 1)),
        "Clevert, Unterthiner, Hochreiter 2016, eq. 15",
        constants={"alpha": None},
        kinks=(_at_zero,),
    ),
    Activation("softplus", r"\operatorname{softplus}", lambda m, z: m.log(1 + m.exp(z)), "Dugas et al. 2001", low=0),
    Activation(
        "gelu",
        r"\operatorname{GELU}",
        lambda m, z: z * (1 + m.erf(z / m.sqrt(2))) / 2,
        "Hendrycks, Gimpel 2016",
        low=-0.17,
    ),
    Activation(
        "silu", r"\operatorname{SiLU}", lambda m, z: z / (1 + m.exp(-z)), "Elfwing, Uchibe, Doya 2018", low=-0.279
    ),
    Activation(
        "softsign", r"\operatorname{softsign}", lambda m, z: z / (1 + m.abs(z)), "Glorot, Bengio 2010", low=-1, high=1
    ),
    Activation(
        "softmax",
        r"\operatorname{softmax}",
        lambda m, z: m.exp(z) / m.total(m.exp),
        "Bridle 1990; Goodfellow, Bengio, Courville 2016, 6.2.2.3",
        low=0,
        high=1,
        elementwise=False,
    ),
)

ACTIVATIONS = {row.name: row for row in _ROWS}
