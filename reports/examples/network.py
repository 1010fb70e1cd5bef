"""The network 3-4-3-2: every letter in a figure, what changes what, BP1 to BP4, and BP2 in three ways."""

from __future__ import annotations

from derive.derivation import Derivation
from derive.formula import Writer
from derive.formula.pieces import number
from derive.network import Network
from reports.examples.page import Page
from reports.figures.network import network_figure
from reports.selfcheck.checks import Subject, network

WIDTHS = (3, 4, 3, 2)


def about(*widths: int) -> Subject:
    """Formulas about a network whose input is layer 0, so that the first weights are number 1."""
    return network(*widths, notation="nielsen", first_layer=1)


def writer(derivation: Derivation) -> Writer:
    """Letters in which the input is layer 0."""
    return Writer(derivation, "nielsen", layer=lambda count: number(count - 1))


def tell(page: Page) -> None:
    """The letters, the small derivatives, the four equations, and the backward step three times."""
    derivation = Derivation(Network(list(WIDTHS)))
    _letters(page, derivation)
    _changes(page, about(*WIDTHS))
    _four(page, derivation)
    _chain(page, about(1, 1, 1, 1, 1))
    _rows(page, about(2, 2, 2, 2))
    _side_by_side(page, about(*WIDTHS))


def _letters(page: Page, derivation: Derivation) -> None:
    page.section("Every letter")
    page.say(
        "The input counts as layer 0 here, so the first weights are number 1. The first index of a weight says "
        "where it leads, the second where it comes from."
    )
    page.figure(
        network_figure(derivation.network, writer(derivation)),
        "The network, with the name of everything in it.",
        "Three inputs, four and three hidden neurons, two outputs; every neuron is joined to all of the next layer.",
    )
    page.claim(r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j", about(*WIDTHS), "what a neuron sums up")
    page.claim(r"a^l_j = \sigma(z^l_j)", about(*WIDTHS), "what it sends on")
    page.claim(r"C = \frac{1}{2} \sum_j (y_j - a^3_j)^2", about(*WIDTHS), "the cost of one sample")


def _changes(page: Page, subject: Subject) -> None:
    page.section("What changes what")
    page.say(
        "A weight changes the sum of one neuron, the sum changes what it sends on, and that changes the cost. Each "
        "link of this chain is a derivative that can be read off one equation."
    )
    links = (
        (r"\frac{\partial z^3_j}{\partial w^3_{jk}} = a^2_k", "a weight changes the sum by what it multiplies"),
        (r"\frac{\partial z^3_j}{\partial b^3_j} = 1", "a bias changes it by itself"),
        (
            r"\frac{\partial a^3_j}{\partial z^3_j} = \sigma'(z^3_j)",
            "the sum changes the activation by the slope there",
        ),
        (r"\frac{\partial C}{\partial a^3_j} = a^3_j - y_j", "an output changes the cost by how far it is off"),
        (
            r"\frac{\partial C}{\partial z^3_j} = "
            r"\frac{\partial C}{\partial a^3_j} \frac{\partial a^3_j}{\partial z^3_j}",
            "two links joined: the error signal",
        ),
        (
            r"\frac{\partial C}{\partial w^3_{jk}} = "
            r"\frac{\partial C}{\partial z^3_j} \frac{\partial z^3_j}{\partial w^3_{jk}}",
            "and a third: the gradient by a weight",
        ),
    )
    for formula, reason in links:
        page.claim(formula, subject, reason)


def _four(page: Page, derivation: Derivation) -> None:
    page.section("The four equations")
    page.say(
        "For whole layers these links are the four equations of backpropagation; the derivation finds them by itself."
    )
    letters, subject = writer(derivation), about(*WIDTHS)
    for name, role, layer in (("BP1", "delta", 3), ("BP2", "delta", 2), ("BP3", "b", 2), ("BP4", "W", 2)):
        page.derived(letters.box(derivation.matrix(role, layer)), subject, name=name)


def _chain(page: Page, subject: Subject) -> None:
    page.section("BP2 on a chain of single neurons")
    page.say(
        "With one neuron in each of four layers there is one path, and the derivative by the first sum is one product."
    )
    page.claim(r"\delta^4 = (a^4 - y) \sigma'(z^4)", subject, "at the end")
    for layer in (3, 2, 1):
        page.claim(
            rf"\delta^{layer} = w^{layer + 1} \delta^{layer + 1} \sigma'(z^{layer})",
            subject,
            "one weight and one slope back",
        )
    page.claim(
        r"\frac{\partial C}{\partial z^1} = (a^4 - y) \sigma'(z^4) w^4 \sigma'(z^3) w^3 \sigma'(z^2) w^2 \sigma'(z^1)",
        subject,
        "all of it written out",
    )


def _rows(page: Page, subject: Subject) -> None:
    page.section("BP2 on two rows")
    page.say("With two neurons in each layer a sum reaches the cost along several paths, and what they bring is added.")
    derivation = Derivation(Network([2, 2, 2, 2]))
    page.figure(
        network_figure(derivation.network, writer(derivation), trace=(1, 1)),
        "The paths from one hidden neuron to the cost.",
        "Two rows of neurons; the connections that leave the first hidden neuron are coloured.",
    )
    page.claim(r"\delta^1_1 = (w^2_{11} \delta^2_1 + w^2_{21} \delta^2_2) \sigma'(z^1_1)", subject, "two ways out")
    page.claim(
        r"\frac{\partial C}{\partial z^1_1} = \sum_k \sum_m \frac{\partial C}{\partial z^3_m} "
        r"\frac{\partial z^3_m}{\partial z^2_k} \frac{\partial z^2_k}{\partial z^1_1}",
        subject,
        "the sum over all paths: four of them",
    )
    page.claim(
        r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
        subject,
        "the same for any layer, by what is known of the next",
    )


def _side_by_side(page: Page, subject: Subject) -> None:
    page.section("Forward and backward, side by side")
    forward = (r"z^l = w^l a^{l-1} + b^l", r"a^l = \sigma(z^l)")
    backward = (
        r"\frac{\partial C}{\partial a^l} = (w^{l+1})^T \delta^{l+1}",
        r"\delta^l = \frac{\partial C}{\partial a^l} \odot \sigma'(z^l)",
    )
    rows = [
        (page.checked(one, subject), page.checked(other, subject)) for one, other in zip(forward, backward, strict=True)
    ]
    page.table(
        (
            page.words("forward"),
            page.words("backward"),
        ),
        rows,
        "The weights and the activation; backwards the weights turned, and the slope.",
    )
