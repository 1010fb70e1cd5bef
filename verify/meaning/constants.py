r"""Letters that mean the same everywhere: π, e^x, the column \mathbf{1}, the matrix I, unit vectors, Kronecker's δ."""

from __future__ import annotations

from verify.latex import tree as t
from verify.latex.resolve import exponent_of
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.base import Values
from verify.meaning.errors import OutOfRange, Unsupported
from verify.meaning.parts import pairs
from verify.meaning.scene import Env

FAT = ("mathbf", "boldsymbol", "mathbb")
CLASSES = ("y", "t", "c")
"""Letters of classes."""


class Constants(Values):
    """The part of the evaluator that knows these letters; also with a ᵀ."""

    def constant(self, node: t.Letter | t.Scripted, env: Env) -> Tensor | None:
        """The value of such a letter; None for any other, and where the scene has another role for it."""
        exponent = exponent_of(node)
        if exponent is not None and "e" not in env:
            return arrays.each(self.graph.exp, self.value(exponent, env))
        base = node.base if isinstance(node, t.Scripted) else node
        if not isinstance(base, t.Letter):
            return None
        if base.name in ("1", "0") and base.font in FAT:
            return self._marked(self._filled(base.name == "1", node, env), node)
        if base.name == r"\delta":
            return self._kronecker(node, env)
        if base.name not in ("e", "I", r"\pi") or self.scene.quantity(node, env) is not None:
            return None
        if base.name == "I":
            return self._identity(node, env)
        if isinstance(node, t.Letter):
            return arrays.number(self.graph.pi if base.name == r"\pi" else self.graph.exp(self.graph.one))
        return self._unit(node, env) if base.name == "e" else None

    def _filled(self, ones: bool, node: t.Node, env: Env) -> Tensor:
        r"""\mathbf{1}, \mathbf{1}_n, \mathbf{1}_{m \times n}, and \mathbf{0}."""
        sizes = self._sizes(node, env)
        if isinstance(node, t.Scripted) and node.lower is not None and _pointed(node.lower.items[0], env):
            raise Unsupported(node, "this may be a size or the place of a single 1; write e_k for a unit vector")
        entry = self.graph.one if ones else self.graph.zero
        if not sizes:
            return arrays.ones(self.graph) if ones else arrays.zeros(self.graph)
        shape = (sizes[0], 1) if len(sizes) == 1 else tuple(sizes)
        return Tensor(self.graph, shape, lambda place: entry)

    def _identity(self, node: t.Letter | t.Scripted, env: Env) -> Tensor:
        """I, I_n, and its entries I_{jk}."""
        if isinstance(node, t.Scripted) and node.lower is not None:
            for pair in pairs(node.lower):
                numbers = [self.whole(one, env) for one in pair]
                if len(pair) == 2 and all(_index(one, env) for one in pair) and None not in numbers:
                    return arrays.number(self.graph.number(int(numbers[0] == numbers[1])))
        sizes = self._sizes(node, env)
        if len(sizes) > 1 or (isinstance(node, t.Scripted) and node.lower is not None and _places(node.lower)):
            raise Unsupported(node, "this may be an entry of a matrix or its size; write the matrix as I")
        return self._marked(arrays.identity(self.graph, sizes[0] if sizes else None), node)

    def _sizes(self, node: t.Node, env: Env) -> list[int | None]:
        """The sizes in the script of 1_n, I_n or 1_{m \\times n}; None for one that nothing tells."""
        if not isinstance(node, t.Scripted) or node.lower is None:
            return []
        items = node.lower.items
        if len(items) == 1 and isinstance(items[0], t.Multiplication) and set(items[0].signs) == {r"\times"}:
            items = items[0].factors
        if len(items) > 2 or any(_product(one) for one in items):
            raise Unsupported(node, "this script is neither a size nor two")
        return [self.whole(one, env) for one in items]

    def _kronecker(self, node: t.Node, env: Env) -> Tensor | None:
        r"""\delta_{jk}, \delta_{j,k+1}: 1 where both indices are the same number."""
        if not isinstance(node, t.Scripted) or node.lower is None or node.upper or node.left_upper:
            return None
        found = set()
        for pair in pairs(node.lower):
            numbers = [self.whole(one, env) for one in pair]
            if len(pair) == 2 and None not in numbers and not any(map(_product, pair)):
                found.add(int(numbers[0] == numbers[1]))
        if len(found) > 1:
            raise Unsupported(node, "these digits may be two indices in several ways; write a comma between them")
        return arrays.number(self.graph.number(found.pop())) if found else None

    def _unit(self, node: t.Scripted, env: Env) -> Tensor | None:
        """e_k; it is as long as what it meets, and has at least k entries."""
        if node.lower is None or len(node.lower.items) != 1:
            return None
        index = node.lower.items[0]
        place = self.whole(index, env)
        if place is None:
            return None
        if _product(index):
            raise Unsupported(index, "this may be a product or two indices")
        if place < 1:
            raise OutOfRange(index, f"unit vectors are counted from 1, and there is no e_{place}", "index")
        return self._marked(arrays.unit(self.graph, place), node)

    def _marked(self, array: Tensor, node: t.Node) -> Tensor:
        """The array with the ᵀ of its scripts."""
        upper = node.upper if isinstance(node, t.Scripted) else ()
        return arrays.transpose(array) if any(isinstance(one, t.Transpose) for one in upper) else array


def _product(node: t.Node) -> bool:
    """Whether letters stand side by side, jk: a product for whoever reads a size, two indices for others."""
    if not isinstance(node, t.Multiplication):
        return False
    return sum(not isinstance(one, t.Number) for one in node.factors) > 1 and "" in node.signs


def _pointed(node: t.Node, env: Env) -> bool:
    """Whether an index or a class stands where a size would, as in 1_y."""
    return _index(node, env) or (isinstance(node, t.Letter) and node.name in CLASSES)


def _places(script: t.Script) -> bool:
    """Whether digits may well be two small indices, as in I_{12}."""
    item = script.items[0]
    return isinstance(item, t.Number) and len(item.digits) == 2 and set(item.digits) <= set("12345")


def _index(node: t.Node, env: Env) -> bool:
    """Whether an index letter stands here, and no size."""
    return isinstance(node, t.Letter) and node.name in env
