"""What the parts of the evaluator know of the whole: the scene, the graph, and how to evaluate what stands below."""

from __future__ import annotations

from abc import ABC, abstractmethod

from verify.graph.nodes import Graph, Node
from verify.latex import tree as t
from verify.meaning.arrays import Tensor
from verify.meaning.functions import Slopes
from verify.meaning.scene import Env, Scene


class Values(ABC):
    """An evaluator in the making."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.graph: Graph = scene.graph
        self.slopes = Slopes(scene.graph)
        self.beside: tuple[tuple[t.Node, t.Node], ...] = ()

    @abstractmethod
    def value(self, node: t.Node, env: Env) -> Tensor:
        """The value of a tree."""

    @abstractmethod
    def scalar(self, node: t.Node, env: Env) -> Node:
        """The value of a tree that is one number."""

    @abstractmethod
    def whole(self, node: t.Node, env: Env) -> int | None:
        """The whole number that a tree is, if it is one."""
