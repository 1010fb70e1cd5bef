"""What a derived loss is inside PyTorch: an autograd function and a module.  Importing this imports PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from derive.network import Network
from verify.engine.reading import shape

_TWICE = (
    "the derived backward pass gives first derivatives only and was differentiated again: take the Hessian-vector "
    "product from the engine instead, or leave out create_graph=True"
)


class DerivedLoss(torch.autograd.Function):
    """`DerivedLoss.apply(run, places, *arguments)`: (loss, gradients …), of which only the loss is differentiable.

    `run(*arguments)` gives that tuple; `places` are the numbers of the arguments to which the gradients belong.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(run: Any, places: tuple[int, ...], *arguments: Any) -> tuple[Any, ...]:
        """One pass computes the loss and all gradients."""
        found: tuple[Any, ...] = run(*arguments)
        return found

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Any, ...]) -> None:
        """Keeps the gradients for the backward pass, and what they are taken by, for whoever differentiates twice."""
        _, places, *arguments = inputs
        gradients = output[1:]
        ctx.mark_non_differentiable(*gradients)
        ctx.set_materialize_grads(False)
        ctx.places, ctx.count = places, len(arguments)
        ctx.save_for_backward(*gradients, *(arguments[n] for n in places))

    @staticmethod
    def backward(ctx: Any, upstream: Any, *nothing: Any) -> tuple[Any, ...]:
        """The gradients that were derived, times the gradient from above."""
        found: list[Any] = [None] * (2 + ctx.count)
        gradients, arguments = (
            ctx.saved_tensors[part] for part in (slice(len(ctx.places)), slice(len(ctx.places), None))
        )
        for place, gradient in zip(ctx.places, gradients, strict=True):
            if upstream is not None and ctx.needs_input_grad[2 + place]:
                product = upstream * gradient
                found[2 + place] = Once.apply(product, *arguments) if torch.is_grad_enabled() else product
        return tuple(found)


class Once(torch.autograd.Function):
    """A gradient, tied to what it depends on, so that a second derivative is refused instead of taken for 0."""

    generate_vmap_rule = True

    @staticmethod
    def forward(value: Any, *depends: Any) -> Any:
        """The gradient as it is."""
        return value.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Nothing is kept."""

    @staticmethod
    def backward(ctx: Any, *upstream: Any) -> Any:
        """Raises `NotImplementedError`."""
        raise NotImplementedError(_TWICE)


class DerivedModule(torch.nn.Module):
    """`module(x, y, reduction="mean")` is the loss; see `verify.engine.backends.autograd_function.as_torch_module`."""

    def __init__(self, loss: Any, params: Mapping[str, Any], dtype: torch.dtype) -> None:
        super().__init__()
        self.loss, self._names = loss, {}
        self.constants = dict(params.get("constants") or {})
        for role, layer in loss.keys:
            value = torch.as_tensor(params[role][layer - 1], dtype=dtype).detach().clone()
            self._names[role, layer] = f"{role}{layer}"
            self.register_parameter(f"{role}{layer}", torch.nn.Parameter(value))

    @property
    def params(self) -> dict[str, Any]:
        """The parameters, the very tensors that an optimiser changes, as `Engine` takes them."""
        layers = range(1, self.loss.derivation.network.depth + 1)
        lists = {
            role: [getattr(self, self._names[role, n]) if (role, n) in self._names else None for n in layers]
            for role in ("W", "b")
        }
        return {**lists, "constants": self.constants}

    def forward(self, x: torch.Tensor, y: torch.Tensor, reduction: str = "mean") -> torch.Tensor:
        """The loss of a batch, or of one sample."""
        found: torch.Tensor = self.loss(self.params, x, y, reduction)
        return found


def drawn(network: Network, seed: int | None) -> dict[str, Any]:
    """Parameters to start from: weights from a normal distribution of variance 1/(number of inputs), biases 0."""
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    found: dict[str, list[Any]] = {role: [None] * network.depth for role in ("W", "b")}
    for array in network.parameters:
        found[array.role][array.layer - 1] = _drawn(network, array.role, array.layer, generator)
    return found


def _drawn(network: Network, role: str, layer: int, generator: torch.Generator) -> torch.Tensor:
    size = [int(one) for one in shape(network, role, layer)]
    value = torch.zeros(size, dtype=torch.float64)
    if role == "W":
        inputs = int(network.widths[layer - 1])
        value[:, :inputs] = torch.randn((size[0], inputs), generator=generator, dtype=torch.float64) / inputs**0.5
    return value
