"""A tanh layer that is only a bias, then softmax: gradients by scalars, by Jacobians, and two slips of the text."""

from __future__ import annotations

from derive.derivation import Derivation
from derive.formula import Writer
from derive.network import Network
from reports.examples.page import Page
from reports.selfcheck.checks import Subject, given

DEFINITIONS = (
    r"a_k = \tanh(x_k + b_k)",
    r"z_j = \sum_k a_k w_{kj} + c_j",
    r"p_j = \frac{e^{z_j}}{\sum_i e^{z_i}}",
    r"L = \sum_j (y_j - p_j)^2",
)
ARRAYS = (r"a = \tanh(x + b)", r"z = W^T a + c", r"p = \operatorname{softmax}(z)", r"L = \|y - p\|^2")
SHAPES = {"x": ["m"], "b": ["m"], "W": ["m", "n"], "c": ["n"], "y": ["n"]}

SLOPE = r"\frac{\partial L}{\partial b_k} = (1 - \tanh^2(x_k + b_k)) \sum_j w_{kj} \frac{\partial L}{\partial z_j}"


def tell(page: Page) -> None:
    """The network, its gradients twice, what the text has wrong, and the same from the machinery for every width."""
    scalars, arrays = given(*DEFINITIONS), given(*ARRAYS, shapes=SHAPES)
    page.section("The network")
    page.say("The first layer has {inputs} neurons and no weights: each adds a bias to its input and takes tanh. "
             "The second has {outputs} neurons, weights and biases; softmax makes probabilities of what they sum up.",
             inputs=page.number(784, "784", ours=False), outputs="10")  # fmt: skip
    for formula in DEFINITIONS:
        page.define(formula)
    _scalars(page, scalars)
    _arrays(page, arrays)
    _slips(page, scalars)
    _derived(page)


def _scalars(page: Page, about: Subject) -> None:
    page.section("One number after the other")
    page.say("How does the loss change with one output?")
    page.claim(r"\frac{\partial L}{\partial p_j} = -2 (y_j - p_j)", about, "only the term {j} holds it", j="$j$")
    page.say("Each output depends on *every* sum, because all of them stand in the denominator of softmax.")
    page.claim(r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)", about,
               "the quotient rule; {delta} is 1 where both indices agree, else 0", delta=r"$\delta_{ij}$",
               label="softmax")  # fmt: skip
    page.say("So a sum reaches the loss through all outputs, and the chain rule adds over them.")
    page.claim(r"\frac{\partial L}{\partial z_j} = -2 \sum_i (y_i - p_i) p_i (\delta_{ij} - p_j)", about,
               "the chain rule over all outputs", label="error")  # fmt: skip
    page.claim(r"\frac{\partial L}{\partial z_j} = -2 p_j \left( (y_j - p_j) - \sum_i (y_i - p_i) p_i \right)", about,
               "the term {i} = {j} picked out", i="$i$", j="$j$")  # fmt: skip
    page.say("The parameters of the second layer come next, and then, through the weights and tanh, the first biases.")
    page.claim(r"\frac{\partial L}{\partial c_j} = \frac{\partial L}{\partial z_j}", about, "a bias adds with factor 1")
    page.claim(r"\frac{\partial L}{\partial w_{kj}} = a_k \frac{\partial L}{\partial z_j}", about, "what it multiplies")
    page.claim(r"\frac{\partial L}{\partial b_k} = (1 - a_k^2) \sum_j w_{kj} \frac{\partial L}{\partial z_j}", about,
               "the slope of tanh, from what is stored", label="first")  # fmt: skip


def _arrays(page: Page, about: Subject) -> None:
    page.section("All at once, by Jacobians")
    page.say("The same with whole arrays: {w} is {shape}, everything else a column.", w="$W$", shape="784 × 10")
    for formula in ARRAYS:
        page.define(formula)
    page.claim(r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p p^T", about,
               "the Jacobian of softmax: full, and symmetric", label="jacobian")  # fmt: skip
    page.claim(r"\frac{\partial a}{\partial b} = \operatorname{diag}(1 - a \odot a)", about,
               "the Jacobian of tanh: diagonal, since each entry has its own input")  # fmt: skip
    page.claim(r"\frac{\partial L}{\partial z} = -2 (\operatorname{diag}(p) - p p^T) (y - p)", about, "the error")
    page.claim(r"\frac{\partial L}{\partial W} = a \left( \frac{\partial L}{\partial z} \right)^T", about,
               "an outer product")  # fmt: skip
    page.claim(r"\frac{\partial L}{\partial b} = (1 - a \odot a) \odot W \frac{\partial L}{\partial z}", about,
               "through the weights, then through tanh")  # fmt: skip


def _slips(page: Page, about: Subject) -> None:
    page.section("Two slips of the text")
    page.false("The gradient by the first biases holds tanh′ at the layer’s output.",
               r"\frac{\partial L}{\partial b_k} = (1 - \tanh^2(a_k)) \sum_j w_{kj} \frac{\partial L}{\partial z_j}",
               about, "The slope of tanh belongs where tanh is taken, at {at}; what leaves tanh is {out} already.",
               mend=SLOPE, at="$x_k + b_k$", out="$a_k$")  # fmt: skip
    page.false("The Jacobian of softmax is 0 off its diagonal.",
               r"\frac{\partial p_i}{\partial z_j} = p_i (1 - p_i) \delta_{ij}", about,
               "Raising one sum lowers the probability of every other output: off the diagonal stands {entry}.",
               mend=r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)", entry="$-p_i p_j$")  # fmt: skip


def _derived(page: Page) -> None:
    derivation = Derivation(Network([784, {"bias_only": True}, 10], ["tanh", "softmax"], "squared-error"))
    writer = Writer(derivation, "nielsen")
    page.section("What the derivation finds by itself")
    page.say("The same network, derived from its equations by the chain rule for every width; each step is proved.")
    for role, layer in (("delta", 2), ("W", 2), ("b", 2), ("delta", 1), ("b", 1)):
        page.derived(writer.box(derivation.matrix(role, layer)), None)
