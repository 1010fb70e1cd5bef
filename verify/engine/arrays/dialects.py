"""The dialects of array source, one row each: where NumPy, JAX and PyTorch spell the same thing differently.

Functions that a row does not name are called as in NumPy, by the module's short name: `np.exp`, `jnp.exp`, `torch.exp`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Dialect:
    """A row.

    `module` is the short name behind `import`; `spelled` the functions that are called otherwise than in NumPy;
    `turn` the method that permutes axes; `cast` gives an array another's type, `{}` standing for the other; `typed`
    gives it to a number, where a choice between two numbers would have fewer digits (empty: it has not); `optimise`
    is what `einsum` takes for three arrays or more; `stock` are the functions that are printed into the source
    because the library lacks them.
    """

    name: str
    module: str
    imports: str
    spelled: Mapping[str, str] = field(default_factory=dict)
    turn: str = "transpose"
    cast: str = ".astype({}.dtype)"
    typed: str = ""
    optimise: str = ""
    stock: frozenset[str] = frozenset({"entries", "kronecker"})

    def function(self, name: str) -> str:
        """How a function is called here."""
        if name in self.stock or name == "abs":
            return name
        return self.spelled.get(name, f"{self.module}.{name}")


_LINEAR = ("inv", "det", "slogdet")


def _linear(module: str) -> dict[str, str]:
    return {name: f"{module}.linalg.{name}" for name in _LINEAR}


_ROWS = (
    Dialect(
        "numpy",
        "np",
        "import numpy as np",
        _linear("np"),
        optimise=", optimize=True",
        stock=frozenset({"entries", "kronecker", "softmax", "logsumexp", "softplus", "xlogy", "erf"}),
    ),
    Dialect(
        "jax",
        "jnp",
        "import jax\nimport jax.numpy as jnp",
        {
            **_linear("jnp"),
            "softmax": "jax.nn.softmax",
            "logsumexp": "jax.scipy.special.logsumexp",
            "xlogy": "jax.scipy.special.xlogy",
            "erf": "jax.scipy.special.erf",
        },
        stock=frozenset({"entries", "kronecker", "softplus"}),
    ),
    Dialect(
        "torch",
        "torch",
        "import torch",
        _linear("torch"),
        turn="permute",
        cast=".to({}.dtype)",
        typed="{}.new_tensor({})",
        stock=frozenset({"entries", "kronecker", "softmax", "softplus"}),
    ),
)
PYTHON = Dialect(
    "python",
    "math",
    "import math",
    {"arctan": "math.atan", "arcsinh": "math.asinh"},
    stock=frozenset({"exp", "expm1", "log", "sign", "softplus", "xlogy", "softmax", "logsumexp", "inv", "det"}),
)
DIALECTS = {row.name: row for row in _ROWS}
