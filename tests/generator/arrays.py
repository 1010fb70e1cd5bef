"""True claims with whole vectors and matrices, by named quantities or expanded to any depth."""

from __future__ import annotations

from tests.generator.expressions import (
    LOSS,
    Act,
    D,
    Diag,
    Layer,
    Mul,
    Node,
    Outer,
    Ref,
    Size,
    Slope,
    Tag,
    Tr,
    add,
    had,
    minus,
    mul,
)
from tests.generator.maker import Maker
from tests.generator.networks import constants
from tests.generator.rules import LOSS_SLOPES, SLOPES, cosine_array, lifted
from tests.generator.worlds import PROBABILITIES


class Arrays(Maker):
    """With whole vectors and matrices."""

    def z(self, layer: Layer) -> Ref:
        return Ref("z", layer)

    def a(self, layer: Layer) -> Ref:
        return Ref("a", layer)

    def error_name(self, layer: Layer) -> Node:
        """δ or ∂E/∂z."""
        return Ref("delta", layer) if self.named or self.chance(0.5) else D(LOSS, self.z(layer))

    def slope(self, layer: Layer) -> Node:
        """σ′(z), named or by its formula."""
        known = self.activation(layer)
        if known and self.chance(self.closed):
            name, n = known
            form = lifted(self.rng.choice(SLOPES[name])(self.z(layer), self.a(layer), constants(self.net, n)))
            if form is not None:
                return Tag("slope", form, layer)
        return Slope(layer, self.z(layer))

    def loss_slope(self, layer: Layer) -> Node:
        """∂E/∂a of the last layer, by its formula."""
        y = Ref("y", Layer("L"))
        if self.net.loss == "cosine":
            return Tag("loss", cosine_array(self.a(layer), y), layer)
        forms = [lifted(form(self.a(layer), y, Size(layer))) for form in LOSS_SLOPES[self.net.loss]]
        fitting = [one for one in forms if one is not None]
        return Tag("loss", self.rng.choice(fitting), layer) if fitting else D(LOSS, self.a(layer))

    def error(self, layer: Layer, fuel: int) -> Node:
        """δ, expanded at most `fuel` times."""
        if fuel <= 0 or not self.known(layer):
            return self.error_name(layer)
        pair = self.net.activations[-1][0], self.net.loss
        softmax = pair[0] == "softmax" and pair[1] in PROBABILITIES
        if self.last(layer) and (softmax or (pair == ("sigmoid", "binary-cross-entropy") and self.chance(0.5))):
            return Tag("output", minus(self.a(layer), Ref("y", Layer("L"))), layer)
        inner = self.adjoint(layer, fuel - 1)
        if self.soft(layer):
            a = self.a(layer)
            return mul(minus(Diag(a), mul(a, Tr(a))), inner)
        if self.chance(0.2):
            return mul(Diag(self.slope(layer)), inner)
        return had(inner, self.slope(layer)) if self.chance(0.75) else had(self.slope(layer), inner)

    def adjoint(self, layer: Layer, fuel: int) -> Node:
        """∂E/∂a, expanded at most `fuel` times."""
        if fuel <= 0 or not self.known(layer):
            return D(LOSS, self.a(layer))
        if self.last(layer):
            return self.loss_slope(layer)
        after = layer.moved(1)
        return Mul((Tr(Ref("W", after)), self.error(after, fuel - 1)))

    # --- claims ---

    def weight(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        error, a = self.error(layer, fuel), self.a(layer.moved(-1))
        right = Outer(error, a) if self.chance(0.06) else Mul((error, Tr(a)))
        return D(LOSS, Ref("W", layer)), right

    def bias(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        return D(LOSS, Ref("b", layer)), self.error(layer, fuel)

    def delta(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        return self.error_name(layer), self.error(layer, max(fuel, 1))

    def activated(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        if not layer.letter and self.chance(0.25):
            layer = Layer("", 0)
        return D(LOSS, self.a(layer)), self.adjoint(layer, max(fuel, 1))

    def loss(self, fuel: int) -> tuple[Node, Node]:
        layer = self.rng.choice((Layer("L"), Layer("", self.net.depth)))
        layer = Layer("", self.net.depth) if self.notation == "augmented" else layer
        if self.chance(0.5):
            return D(LOSS, self.a(layer)), self.loss_slope(layer)
        return self.error_name(layer), self.error(layer, 2)

    def own_slope(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        left = D(self.a(layer), self.z(layer))
        if self.soft(layer):
            a = self.a(layer)
            return left, minus(Diag(a), mul(a, Tr(a)))
        return left, Diag(self.slope(layer))

    def jacobian(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        before, w = layer.moved(-1), Ref("W", layer)
        if self.soft(layer) or self.chance(0.4):
            return D(self.z(layer), self.a(before)), w
        if layer.offset > 1 and not layer.letter and not self.soft(before) and self.chance(0.5):
            return D(self.z(layer), self.z(before)), mul(w, Diag(self.slope(before)))
        return D(self.a(layer), self.a(before)), mul(Diag(self.slope(layer)), w)

    def forward(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        z = mul(Ref("W", layer), self.a(layer.moved(-1)))
        z = add(z, Ref("b", layer)) if self.net.bias else z
        if self.chance(0.5) or self.soft(layer):
            return self.z(layer), z
        return self.a(layer), Act(layer, self.z(layer) if self.chance(0.5) or not self.uniform else z)

    def chain(self) -> list[Node]:
        layer = self.a_layer()
        transposed = Tr(self.a(layer.moved(-1)))
        sides: list[Node] = [D(LOSS, Ref("W", layer)), mul(Ref("delta", layer), transposed)]
        sides += [mul(self.error(layer, fuel), transposed) for fuel in (1, 2, 3) if self.chance(0.5) or fuel == 2]
        return sides

    def lines(self) -> list[tuple[Node, Node]]:
        """The four equations, last layer first, as far as the dice say."""
        depth = self.net.depth
        found: list[tuple[Node, Node]] = []
        for n in range(depth, max(0, depth - self.rng.randint(1, 3)), -1):
            layer = Layer("", n)
            found.append((Ref("delta", layer), self.error(layer, 2 if n == depth else 1 + self.chance(0.7))))
            if self.chance(0.5):
                found.append((D(LOSS, Ref("W", layer)), mul(Ref("delta", layer), Tr(self.a(layer.moved(-1))))))
        layer = Layer("", depth)
        return (
            found if len(found) > 1 else [*found, (D(LOSS, self.a(layer.moved(-1))), self.adjoint(layer.moved(-1), 1))]
        )
