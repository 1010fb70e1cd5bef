"""Arrays by name, as a function takes them (one, a tuple, a dict, nested), as one flat vector of float64 and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.errors import GradientError
from verify.gradients.libraries import Library, library_of, roundoff

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Leaf:
    """One array: its name, shape, place in the flat vector, and the array `like` which new ones are made."""

    name: str
    shape: tuple[int, ...]
    start: int
    library: Library
    like: Any
    dtype: str

    @property
    def size(self) -> int:
        """How many entries it has."""
        return math.prod(self.shape)

    @property
    def place(self) -> slice:
        """Where its entries stand in the flat vector."""
        return slice(self.start, self.start + self.size)

    @property
    def roundoff(self) -> float:
        """The unit roundoff of its type."""
        return roundoff(self.dtype) or 2.0**-53

    def entry(self, place: int) -> str:
        """`W[2, 0]` for a place of the flat vector; the bare name of a number."""
        if not self.shape:
            return self.name
        return f"{self.name}[{', '.join(str(int(one)) for one in np.unravel_index(place - self.start, self.shape))}]"


@dataclass(frozen=True, eq=False)
class Tree:
    """What `at` holds: its leaves, their numbers in one vector `theta`, and the structure around them."""

    leaves: tuple[Leaf, ...]
    theta: Array
    structure: Any

    @property
    def roundoff(self) -> float:
        """The coarsest unit roundoff among the leaves."""
        return max(leaf.roundoff for leaf in self.leaves)

    def build(self, theta: Array, dtype: str | None = None) -> Any:
        """New arrays with these numbers, in the structure of `at`; `dtype` overrides the leaves' types."""
        made = (
            leaf.library.make(theta[leaf.place].reshape(leaf.shape), leaf.like, dtype or leaf.dtype)
            for leaf in self.leaves
        )
        return filled(self.structure, made)

    def read(self, built: Any) -> Array:
        """The numbers of a structure that `build` has made."""
        parts = [leaf.library.read(one).ravel() for leaf, (_, one) in zip(self.leaves, walk(built), strict=True)]
        return np.concatenate(parts)

    def rounded(self, theta: Array) -> Array:
        """The numbers as the types of the leaves can hold them."""
        if all(leaf.dtype == "float64" for leaf in self.leaves):
            return theta
        return self.read(self.build(theta))

    def leaf_at(self, place: int) -> Leaf:
        """The leaf in which a place of the flat vector lies."""
        return next(leaf for leaf in self.leaves if leaf.start <= place < leaf.start + leaf.size)


def read_tree(at: Any, names: Callable[[int], str], what: str = "at") -> Tree:
    """Reads `at`; `names` gives the name of the argument at a position.  Raises `GradientError`."""
    leaves, parts, start = list[Leaf](), list[Array](), 0
    for path, one in walk(at):
        leaf = _leaf(_name(path, names), one, start)
        values = leaf.library.read(one).ravel()
        _finite(leaf, values, what)
        leaves.append(leaf)
        parts.append(values)
        start += leaf.size
    if not leaves or start == 0:
        raise GradientError(f"{what} must hold at least one array with entries, and it is empty")
    return Tree(tuple(leaves), np.concatenate(parts), at)


def _leaf(name: str, one: Any, start: int) -> Leaf:
    library = library_of(one)
    if library is None or isinstance(one, bool):
        raise GradientError(
            f"{name} must be an array of floats (NumPy, JAX or PyTorch) or a list, tuple or dict of such, "
            f"not {type(one).__name__}"
        )
    dtype = library.dtype(one)
    if roundoff(dtype) is None:
        raise GradientError(
            f"{name} has the type {dtype}, but derivatives need real floats: "
            "make it a float array, or leave it out of `at` and let f close over it"
        )
    return Leaf(name, tuple(int(n) for n in np.shape(library.read(one))), start, library, one, dtype)


def _finite(leaf: Leaf, values: Array, what: str) -> None:
    if not leaf.size:
        raise GradientError(f"{leaf.name} has the shape {leaf.shape}, which has no entries: leave it out of `{what}`")
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        place = leaf.start + int(wrong[0])
        raise GradientError(f"{leaf.entry(place)} in `{what}` must be a finite number, not {values[wrong[0]]}")


Path = tuple[int | str, ...]


def walk(structure: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """(path, leaf) for each leaf of nested tuples, lists and dicts."""
    if isinstance(structure, Mapping):
        for key, one in structure.items():
            yield from walk(one, (*path, str(key)))
    elif isinstance(structure, list | tuple):
        for number, one in enumerate(structure):
            yield from walk(one, (*path, number))
    else:
        yield path, structure


def _name(path: Path, names: Callable[[int], str]) -> str:
    if not path:
        return names(0)
    first, *rest = path
    name = names(first) if isinstance(first, int) else first
    return name + "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in rest)


def widened(structure: Any) -> Any:
    """The same arrays in float64."""
    made = ((library_of(one), one) for _, one in walk(structure))
    return filled(structure, (row.make(row.read(one), one, "float64") if row else one for row, one in made))


def raising(tree: Tree, stack: ExitStack) -> None:
    """Enters what the libraries of the leaves need for float64."""
    for library in {leaf.library.name: leaf.library for leaf in tree.leaves}.values():
        stack.enter_context(library.raising())


def filled(structure: Any, made: Iterator[Any]) -> Any:
    """The structure with these leaves, in order."""
    if isinstance(structure, Mapping):
        return {key: filled(one, made) for key, one in structure.items()}
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*(filled(one, made) for one in structure))
    if isinstance(structure, list | tuple):
        return type(structure)([filled(one, made) for one in structure])
    return next(made)


def pairs(structure: Any, given: Any, name: str) -> Iterator[Any]:
    """The leaves of `given` in the order of the structure's; None stands for what is not given."""
    if isinstance(structure, Mapping):
        yield from _pairs_of_mapping(structure, given, name)
    elif isinstance(structure, list | tuple):
        if len(structure) == 1 and library_of(given) is not None:
            given = (given,)
        if not isinstance(given, list | tuple) or len(given) != len(structure):
            got = f"{len(given)} of them" if isinstance(given, list | tuple) else f"a {type(given).__name__}"
            raise GradientError(f"{name} must be a list of {len(structure)} arrays like those of `at`, not {got}")
        for number, (one, its) in enumerate(zip(structure, given, strict=True)):
            yield from pairs(one, its, f"{name}[{number}]")
    else:
        single = isinstance(given, list | tuple) and len(given) == 1  # what torch.autograd.grad returns
        yield given[0] if single else given


def _pairs_of_mapping(structure: Any, given: Any, name: str) -> Iterator[Any]:
    keys = ", ".join(map(str, structure))
    if not isinstance(given, Mapping):
        raise GradientError(f"{name} must be a dict with the keys of `at` ({keys}), not a {type(given).__name__}")
    for key in given:
        if key not in structure:
            raise GradientError(f"{name} has the key {key!r}, and `at` has only {keys}")
    for key, one in structure.items():
        if key not in given:
            raise GradientError(f"{name} lacks the key {key!r}: give its gradient, or None if it is not to be checked")
        yield from pairs(one, given[key], f"{name}[{key!r}]")
