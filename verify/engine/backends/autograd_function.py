"""A derived loss inside PyTorch: `loss.backward()` runs the derived gradients, not PyTorch's own.

    loss_of = as_torch_function(Derivation(Network([784, 30, 10])))
    loss_of(params, x, y).backward()      # tensors, those that require a gradient among them

    module = as_torch_module(derivation, seed=0)     # with parameters, for torch.optim
    module(x, y).backward()

Both work on any device, with tensors of float64 or float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from derive.derivation import Derivation
from verify.engine.backends.layout import Layout, network_of, only
from verify.engine.backends.torch_arrays import TorchRunner, torch_module
from verify.engine.source import arguments_of

Reduction = Literal["mean", "sum"]


def as_torch_function(engine_or_derivation: Any) -> TorchLoss:
    """`loss_of(params, x, y)`: the loss of a network as a tensor whose backward pass is the derived one.

    Raises `Missing` without PyTorch, `TypeError` for what is no network.
    """
    torch_module()
    return TorchLoss(network_of(engine_or_derivation))


def as_torch_module(
    engine_or_derivation: Any, params: Mapping[str, Any] | None = None, dtype: Any = None, seed: int | None = None
) -> Any:
    """A `torch.nn.Module`: `module(x, y)` is the loss, `W1`, `b1`, … are its parameters.

    The parameters start as copies of `params`; where there are none, weights are drawn from a normal distribution of
    variance 1/(number of inputs) by `seed`, and biases are 0.  `dtype` is PyTorch's default where none is given.
    Raises `ValueError` where there are no `params` and the network leaves a width or a constant open.
    """
    loss = as_torch_function(engine_or_derivation)
    # PyTorch is large and an extra: its classes are imported where it is known to be there.
    from verify.engine.backends.torch_autograd import DerivedModule, drawn

    open_ones = loss.left_open
    if params is None and open_ones:
        raise ValueError(f"params must be given, since the network leaves {', '.join(open_ones)} open")
    given = drawn(loss.derivation.network, seed) if params is None else params
    return DerivedModule(loss, given, dtype or torch_module().get_default_dtype())


@dataclass(frozen=True)
class TorchLoss:
    """`loss_of(params, x, y, reduction="mean")`; see `as_torch_function`.

    `params` is what `Engine` takes, with tensors of one type on one device: `{"W": [W1, …], "b": [b1, …]}`.  `x` is
    (samples, n0) and `y` (samples, nL), or both one sample, (n0,) and (nL,).  Gradients flow to the parameters and to
    `x`; `y` and the activations' constants take none.  Raises `ValueError` naming what does not fit.
    """

    derivation: Derivation

    def __call__(self, params: Mapping[str, Any], x: Any, y: Any, reduction: Reduction = "mean") -> Any:
        """The loss: a tensor without axes."""
        if reduction not in ("mean", "sum"):
            raise ValueError(f"reduction must be mean or sum, not {reduction!r}")
        rows, targets = (one.unsqueeze(0) if one.ndim == 1 else one for one in (x, y))
        if not rows.numel():
            raise ValueError(f"x must hold at least one sample, but has the shape {tuple(x.shape)}")
        weight = 1 / rows.shape[0] if reduction == "mean" else 1.0
        given = self._layout.arguments(params, rows, targets, weight)
        dtype = self._dtype(given)
        given = [
            self._number(one, rows) if kind == "number" else one for one, kind in zip(given, self._sorts, strict=True)
        ]
        return self._run(given, dtype)

    def __reduce__(self) -> tuple[type[TorchLoss], tuple[Derivation]]:
        return TorchLoss, (self.derivation,)

    @property
    def source(self) -> str:
        """The source that runs where all gradients are wanted."""
        return self._runner("float64", self._layout.plan.results).source

    @property
    def left_open(self) -> list[str]:
        """Letters for which the network has no number."""
        widths = [one for one in self.derivation.network.widths if isinstance(one, str)]
        numbers = [one.name for one in arguments_of(self._layout.plan) if one.sort == "number" and one.name != "weight"]
        return [*dict.fromkeys(widths), *numbers]

    @property
    def keys(self) -> tuple[tuple[str, int], ...]:
        """Role and layer of the arrays in `params`; an appended bias is a column of its weights, and not among them."""
        appended = {n for n, spec in enumerate(self.derivation.network.stack, 1) if spec.bias == "appended"}
        return tuple(one for one in self._layout.keys if one[0] == "W" or one[1] not in appended)

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self.derivation)

    @cached_property
    def _sorts(self) -> tuple[str, ...]:
        return tuple(one.sort for one in arguments_of(self._layout.plan))

    @cached_property
    def _gradient_of(self) -> dict[int, str]:
        """For the number of an argument that is differentiated by, the name of the result."""
        plan = self._layout.plan
        arrays = [n for n, one in enumerate(arguments_of(plan)) if one.sort == "array" and one.name != "y"]
        return dict(zip(arrays, plan.results[1:], strict=True))

    @cached_property
    def _made(self) -> dict[tuple[str, ...], TorchRunner]:
        return {}

    def _runner(self, dtype: str, results: tuple[str, ...]) -> TorchRunner:
        """The runner that computes these results and no others."""
        if (dtype, *results) not in self._made:
            self._made[dtype, *results] = TorchRunner(only(self._layout.plan, results), dtype)
        return self._made[dtype, *results]

    def _run(self, given: list[Any], dtype: str) -> Any:
        """The loss, with the gradients that somebody may ask for."""
        torch = torch_module()
        wanted = [n for n in self._gradient_of if torch.is_grad_enabled() and given[n].requires_grad]
        runner = self._runner(dtype, ("loss", *(self._gradient_of[n] for n in wanted)))
        if not wanted:
            return runner.results(*given)[0]
        # PyTorch is large and an extra: its classes are imported where it is known to be there.
        from verify.engine.backends.torch_autograd import DerivedLoss

        return DerivedLoss.apply(runner.results, tuple(wanted), *given)[0]

    def _dtype(self, given: list[Any]) -> str:
        """The type that all tensors have."""
        torch = torch_module()
        found = {
            str(one.dtype).removeprefix("torch.")
            for one, kind in zip(given, self._sorts, strict=True)
            if kind == "array"
        }
        if len(found) > 1 or not found <= {"float64", "float32"}:
            raise ValueError(
                f"all tensors must be of one type, float64 or float32, but there is {' and '.join(sorted(found))}"
            )
        others = [one for n, one in enumerate(given) if n not in self._gradient_of]
        if any(isinstance(one, torch.Tensor) and one.requires_grad for one in others):
            raise ValueError("y and constants take no gradient: only the parameters and x are differentiated by")
        return found.pop()

    @staticmethod
    def _number(value: Any, like: Any) -> Any:
        """A number as a tensor without axes, of the type and on the device of another."""
        torch = torch_module()
        return torch.full((), float(value), dtype=like.dtype, device=like.device)
