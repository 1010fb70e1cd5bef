"""The engine: the claims of a derivation, running."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from derive.derivation import Derivation
from verify import certificates
from verify.engine.networks import NetworkCalls
from verify.engine.plan.types import Input
from verify.engine.programs import ProgramCalls
from verify.engine.running import Chosen, Runners, backend_named, type_named
from verify.engine.source import NoSource, arguments_of

if TYPE_CHECKING:
    from verify.certificates import Certificate

__all__ = ["Engine", "NoSource"]
_LANGUAGES = {"compiled": "c"}  # of what `source` holds, where it is not Python


@dataclass(frozen=True, init=False)
class Engine:
    """Computes what a derivation claims, by a backend: `numpy`, `compiled`, `jax`, `torch`, or `auto`, which picks one.

    Of a network, `engine(params, x, y)` takes `{"W": [W1, …], "b": [b1, …]}`, an entry a weight layer (None where a
    layer has none), with W of shape (to, from), or (to, from + 1) where the bias is appended.  `x` and `y` are one
    sample, (n0,) and (nL,), or a batch, (samples, n0) and (samples, nL); `reduction` says whether a batch's loss and
    gradients are the mean or the sum over its samples.  It gives the loss and `{"W": …, "b": …, "x": …}`; the gradient
    by x has x's own shape.  `params["constants"]` gives the constants of activations that were left open.

    Of a program, `engine(values)` takes an array or a number for each letter that no equation defines.  `upstream`
    gives ∂L/∂Y for the arrays Y of an opaque L(Y), by the letter of Y; `functions` gives a function for each opaque f,
    f′ (`f`, `f_prime`), applied entry by entry; `sizes` gives widths that no array has.  It gives the target (None
    where it is opaque) and a dictionary of derivatives by letter, each of the shape of what it is taken by.

    Everything is computed in `dtype`, float64 or float32; what is given is converted, never changed.  `threads` is for
    backends that can be told how many to use.  Infinite and undefined numbers in what is given give the like in what
    depends on them, except that what is not a number fulfils no condition: a ReLU of it is 0.  Where a formula would
    overflow though its value does not, another is computed.
    Raises `ValueError` naming what is missing or has another shape, `NoSource` where a claim cannot be computed,
    `Missing` where the backend that was asked for cannot run here.
    """

    derivation: Derivation
    asked: str
    dtype: str
    threads: int | None

    def __init__(self, derivation: Derivation, backend: str = "auto", dtype: Any = "float64",
                 threads: int | None = None) -> None:  # fmt: skip
        if not isinstance(derivation, Derivation):
            raise TypeError(f"an engine runs a Derivation, not {derivation!r:.60}")
        if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
            raise ValueError(f"threads must be a whole number from 1, or None, not {threads!r}")
        fields = {"derivation": derivation, "asked": backend_named(backend), "dtype": type_named(dtype)}
        for name, value in {**fields, "threads": threads}.items():
            object.__setattr__(self, name, value)

    # --- what is computed ---

    def __call__(self, values: Mapping[str, Any], x: Any = None, y: Any = None, reduction: str = "mean",
                 **given: Any) -> tuple[Any, dict[str, Any]]:  # fmt: skip
        """The loss and all its gradients; of a program, the target and its derivatives."""
        quick = self._quick.get(getattr(x, "shape", None))
        if quick is not None and not given and (reduction == "mean" or reduction == "sum"):
            found = quick(values, x, y, reduction == "mean")
            if found is not NotImplemented:
                return found
        arguments = () if x is None and y is None and not self.derivation.layered else (x, y, reduction)
        return self._calls.loss_and_gradients(values, *arguments, **given)

    loss_and_gradients = __call__

    def forward(self, values: Mapping[str, Any], *arguments: Any, **given: Any) -> Any:
        """`forward(params, x)`: the outputs of a network, (samples, nL), or (nL,) for one sample.

        Of a program, `forward(values, sizes=…, functions=…)`: a dictionary of everything that it defines, by letter.
        """
        return self._calls.forward(values, *arguments, **given)

    def loss(self, values: Mapping[str, Any], *arguments: Any, **given: Any) -> float:
        """The loss alone, called as the engine itself is; of a program, the target."""
        return self._calls.loss(values, *arguments, **given)

    def hessian_vector(self, values: Mapping[str, Any], *arguments: Any, **given: Any) -> dict[str, Any]:
        """`hessian_vector(params, x, y, direction, reduction="mean")`: the Hessian of the loss times a direction.

        The direction and the result are `{"W": […], "b": […]}`, of the shapes of the parameters.  Of a program,
        `hessian_vector(values, direction, functions=…, sizes=…)`, both by the letters that it is differentiated by.
        Raises `NoSecond` where a second derivative is not known, as that of an opaque loss.
        """
        return self._calls.hessian_vector(values, *arguments, **given)

    def certify(self, values: Mapping[str, Any], *arguments: Any, worst: int = 3, digits: int = 20,
                **given: Any) -> Certificate:  # fmt: skip
        """How many digits of this engine's own loss and gradients are right, proved; called as the engine itself is.

        `worst` entries of each array are listed, their true values to so many `digits`.  Of a program with functions
        that are given, `formulas` gives each as a function that makes a SymPy expression of its arguments.
        Raises `PointError`, `DomainError` or `NotCertified`, one sentence each.
        """
        formulas = given.pop("formulas", None)
        loss, gradients = self(values, *arguments, **given)
        point, named = self._calls.certified(values, *arguments, **given)
        return certificates.certify(self.derivation, point, gradients, self.dtype, loss=loss, functions=formulas,
                                    worst=worst, digits=digits, **named)  # fmt: skip

    # --- what it is made of ---

    @cached_property
    def _runners(self) -> Runners:
        return Runners(self._calls_type.planner(self.derivation), self.asked, self.dtype, self.threads)

    @property
    def _calls_type(self) -> type[NetworkCalls | ProgramCalls]:
        return NetworkCalls if self.derivation.layered else ProgramCalls

    @cached_property
    def _calls(self) -> Any:
        return self._calls_type(self.derivation, self._runners, self._quick)

    @cached_property
    def _quick(self) -> dict[Any, Callable[..., Any]]:
        """Ways past all checks that a backend offers, by the shape of x: it makes the checks itself."""
        return {}

    @property
    def _chosen(self) -> Chosen:
        """What ran the last call; before any, what would run a small one."""
        if self._runners.last is None:
            self._runners.at("gradients", self._calls.small)
        assert self._runners.last is not None
        return self._runners.last

    @property
    def backend(self) -> str:
        """The backend of the last call; before any, that of a call with one sample or with widths of 4."""
        return self._chosen.backend

    @property
    def why(self) -> str:
        """One sentence that says why it is this backend."""
        return self._chosen.why

    @property
    def source(self) -> str:
        """The source that runs, of that backend."""
        return self._chosen.runner.source

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What has to be given: arrays, numbers, widths and functions by the names that the source has for them."""
        return self._runners.plan("gradients").inputs

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what the function in the array source takes, in order."""
        return tuple(one.name for one in arguments_of(self._runners.plan("gradients")))

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the source, and why this backend."""
        return f"```{_LANGUAGES.get(self.backend, 'python')}\n{self.source}\n```\n\n{self.why}"

    def __reduce__(self) -> tuple[type[Engine], tuple[Derivation, str, str, int | None]]:
        return Engine, (self.derivation, self.asked, self.dtype, self.threads)
