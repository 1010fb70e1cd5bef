"""The languages of `--code`, one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from verify.engine.lists import list_source
from verify.engine.plan.types import Plan
from verify.engine.source import array_source


@dataclass(frozen=True)
class Language:
    """A row: `source(plan, notes)` writes the function.

    In the check, `convert` makes an argument from nested lists, `listed` nested lists from a result, `{}` standing for
    either; `sine` is the function that an unknown f stands for; `before` comes first when the file is run.
    """

    name: str
    title: str
    source: Callable[[Plan, Mapping[str, str]], str]
    convert: str = "{}"
    listed: str = "{}.tolist()"
    sine: str = "math.sin"
    before: str = ""


def _arrays(dialect: str) -> Callable[[Plan, Mapping[str, str]], str]:
    return lambda plan, notes: array_source(plan, dialect, notes=notes)


_ROWS = (
    Language("numpy", "NumPy", _arrays("numpy"), "np.asarray({}, float)", "np.asarray({}).tolist()", "np.sin"),
    Language("jax", "JAX", _arrays("jax"), "jnp.asarray({}, float)", "jnp.asarray({}).tolist()", "jnp.sin",
             'jax.config.update("jax_enable_x64", True)'),
    Language("torch", "PyTorch", _arrays("torch"), "torch.tensor({}, dtype=torch.float64)",
             "torch.as_tensor({}).tolist()", "torch.sin"),
    Language("python", "Python without libraries", lambda plan, notes: list_source(plan, notes=notes), "{}", "{}"),
)  # fmt: skip
LANGUAGES = {row.name: row for row in _ROWS}
NAMES = (*LANGUAGES, "c")
