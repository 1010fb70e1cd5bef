"""Appendices as people write them: a loss that nothing defines, and definitions that stand in a sentence."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from reports.checking.document_progress import watched
from reports.checking.document_table import table
from reports.checking.options import Options
from reports.checking.sentences import sentence
from verify.checking.answer import Answer
from verify.checking.check import answer
from verify.checking.question import Question
from verify.document.events import Told
from verify.document.results import Examined
from verify.document.run import examined
from verify.document.source import scanned

LAYER_NORM = r"""
Let $x, \gamma, \beta \in \mathbb{R}^{n}$. Layer normalisation computes
\begin{align}
  \mu &= \frac{1}{n} \sum_{i=1}^n x_i, \qquad \sigma^2 = \frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2, \\
  \hat{x}_i &= \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y_i = \gamma_i \hat{x}_i + \beta_i.
\end{align}
The loss $\mathcal{L}$ depends on $x$ only through $y$. Writing $g_i = \partial \mathcal{L} / \partial y_i$ for the
incoming gradient, we have
\begin{align}
  \frac{\partial \mathcal{L}}{\partial \beta_i} &= g_i, \qquad
  \frac{\partial \mathcal{L}}{\partial \gamma_i} = g_i \hat{x}_i.
\end{align}
With $h_i = \gamma_i g_i$ and $s = \sqrt{\sigma^2 + \epsilon}$, the gradient of the input is
\begin{equation}
  \frac{\partial \mathcal{L}}{\partial x_i} = \frac{1}{s} \Bigl( h_i - \frac1n \sum_{j=1}^n h_j
    - \frac{\hat{x}_i}{n} \sum_{j=1}^n h_j \hat{x}_j \Bigr).
\end{equation}
"""
SOFTMAX = r"""
For $x \in \mathbb{R}^d$ and $t \in \mathbb{R}^K$ we let $z_k = \sum_{j=1}^d W_{kj} x_j + b_k$ denote the logits:
\[ p_k = \frac{e^{z_k}}{\sum_{l=1}^K e^{z_l}}. \]
% derive: assume \sum_k t_k = 1
The cross-entropy is $L = -\sum_{k=1}^K t_k \log p_k$. One finds
$$ \frac{\partial L}{\partial z_k} = p_k - t_k, \qquad \frac{\partial L}{\partial W_{kj}} = (p_k - t_k) x_j, $$
and, where $\delta_k = p_k - t_k$, \[ \frac{\partial L}{\partial x_j} = \sum_k W_{kj} \delta_k . \]
"""
ATTENTION = r"""
Let $Q, K \in \mathbb{R}^{n \times d}$ and $V \in \mathbb{R}^{n \times m}$. We denote by $S = Q K^\top / \sqrt{d}$ the
scores; a head computes
\begin{gather} A = \operatorname{softmax}(S), \\ O = A V. \end{gather}
Let $\ell$ be any loss of $O$, and write $G = \partial \ell/\partial O$. Then
\begin{align}
 \frac{\partial \ell}{\partial V} &= A^\top G, \\
 \frac{\partial \ell}{\partial A} &= G V^\top, \\
 \frac{\partial \ell}{\partial S_{ij}} &=
   A_{ij} \Bigl( \frac{\partial \ell}{\partial A_{ij}} - \sum_{k} A_{ik} \frac{\partial \ell}{\partial A_{ik}} \Bigr).
\end{align}
"""
LIES = [
    (LAYER_NORM, r"- \frac{\hat{x}_i}{n}", r"+ \frac{\hat{x}_i}{n}"),
    (SOFTMAX, "(p_k - t_k) x_j", "(t_k - p_k) x_j"),
    (ATTENTION, r"- \sum_{k} A_{ik}", r"+ \sum_{k} A_{ik}"),
]
OF_TWO = r"""Let $W, V \in \mathbb{R}^{m \times n}$, $x \in \mathbb{R}^n$.
\begin{align} h &= W x \\ c &= V x \end{align}
"""


def asked(text: str) -> Examined:
    return examined(scanned(text), lambda questions: [answer(one) for one in questions])


def told(text: str) -> list[str]:
    return [event.body.text for event in scanned(text).events if isinstance(event, Told)]


@pytest.mark.parametrize("lie", LIES, ids=["layer-norm", "softmax", "attention"])
def test_the_one_wrong_sign_is_found_and_nothing_else(lie: tuple[str, str, str]) -> None:
    text, right, wrong = lie
    assert text.count(right) == 1
    assert {one.verdict for one in asked(text).results if one.kind == "claim"} == {"correct"}
    found = asked(text.replace(right, wrong))
    assert found.count("incorrect") == 1
    assert found.count("undecided") == found.count("unreadable") == 0
    assert all(one.mistake.endswith("sign") for one in found.results if one.verdict == "incorrect")


def test_the_report_begins_with_what_the_loss_is_taken_for() -> None:
    lines = table("a.tex", asked(LAYER_NORM), Options({}))
    assert lines[1] == "  ℒ is taken as a function of y: nothing defines it"
    assert sum("in the prose" in line for line in lines) == 3
    assert "taken" not in "\n".join(table("a.tex", asked(SOFTMAX), Options({})))


def test_a_display_counts_for_more_than_a_sentence() -> None:
    for text in (r"With $s = 2 x$: \[ s = 3 x \] \[ t = s \] \[ \frac{\partial t}{\partial x} = 3 \]",
                 r"\[ s = 3 x \] With $s = 2 x$: \[ t = s \] \[ \frac{\partial t}{\partial x} = 3 \]"):  # fmt: skip
        found = asked(text)
        assert found.count("correct") == 1
        assert not any(one.prose for one in found.results)


def test_a_document_without_displayed_definitions_stays_one_about_a_network() -> None:
    assert asked(r"With $s = 2 x$ \[ \frac{\partial C}{\partial b} = \delta \]").network


@pytest.mark.parametrize(
    ("more", "comment"),
    [
        (r"\[ \frac{\partial L}{\partial W} = \frac{\partial L}{\partial h} x^T \]", "L = L(h, c)"),
        (r"Writing $g = \partial L / \partial h$, \[ \frac{\partial L}{\partial x} = W^T g \]", "L = L(h)"),
        (r"\[ \frac{\partial y}{\partial x} = W^T u \]", "y = …"),
    ],
)
def test_what_is_not_plain_gets_the_comment_that_says_it(more: str, comment: str) -> None:
    found = asked(OF_TWO + more)
    (claim,) = (one for one in found.results if one.kind == "claim")
    assert claim.verdict == "undecided"
    assert claim.message.endswith(f"% derive: define {comment}")
    shown = "\n".join(table("a.tex", found, Options({})))
    assert f"% derive: define {comment}\n" in shown
    assert "the two sides differ" not in shown
    if "…" not in comment:
        assert asked(OF_TWO + f"% derive: define {comment}\n" + more).count("undecided") == 0


def test_a_loss_of_two_ends_is_one_of_both_where_both_slopes_have_names() -> None:
    named = r"With $g = \partial L/\partial h$ and $k = \partial L/\partial c$ we have "
    right = r"\[ \frac{\partial L}{\partial x} = W^T g + V^T k \]"
    assert asked(OF_TWO + named + right).count("correct") == 1
    assert asked(OF_TWO + named + right.replace("+", "-")).count("incorrect") == 1


def test_a_loss_that_is_defined_behind_its_claim_is_that() -> None:
    claim, loss = r"\[ y = 2 x \] \[ \frac{\partial L}{\partial x} = 4 y \] ", r"where \[ L = y^2 \]"
    found = asked(claim + loss)
    assert found.count("correct") == 1
    assert not any(one.kind == "taken" for one in found.remarks)


INTRODUCED = (
    "Writing $h = a b$ we get", "With $a$ and $h = a b$, one", "where $g = c$, $h = a b$", "Let the gain be $h = a b$.",
    "is denoted by $h = a b$", "Here $h = a b$ denotes the gain", "Let $x$ be free. Set $h = a b$.",
    "by \\eqref{eq:1}, where, as before, $h = a b$", "with % a comment\n $h = a b$", "costs \\$5; put $h = a b$",
)  # fmt: skip
OTHER = (
    "If $h = a b$, then", "we show that $h = a b$", "With this it follows that $h = a b$", "for $h = a b$ it is",
    "Where it ends. $h = a b$", "where\n\n$h = a b$", "with \\[ 1 \\] $h = a b$", "% with\n$h = a b$",
    "assume $h = a b$", "the case $h = a b$",
)  # fmt: skip


@pytest.mark.parametrize("text", INTRODUCED)
def test_a_sentence_may_define(text: str) -> None:
    assert "h = a b" in told(text)


@pytest.mark.parametrize("text", OTHER)
def test_other_sentences_define_nothing(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("special", ["b = 0", "i = j + 1", "w = w - v", r"b = \eta"])
def test_special_cases_are_no_definitions(special: str) -> None:
    found = asked(rf"\[ q = a + b \] With ${special}$, \[ \frac{{\partial q}}{{\partial a}} = 1 \]")
    assert [one.prose for one in found.results] == [False, False]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("there is nothing to compare: an equation A = B is needed", None),
        ("the first: two words x = y", None),
        ("it is: x_i = y_i", "it is: xᵢ = yᵢ"),
        (r"mended: \frac{\partial L}{\partial x} = \operatorname{diag}(w) x", "mended: ∂L/∂x = diag(w) x"),
        (r"a comment may: % derive: define \mathcal{L} = \mathcal{L}(y)", None),
    ],
)
def test_words_behind_a_colon_are_no_formula(said: str, shown: str | None) -> None:
    assert sentence(said) == (shown or said)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is_and_keeps_nothing_of_it() -> None:
    stream, asked_for = Terminal(), [Question("a = a"), Question("b = b")]
    answers = watched(lambda questions: [Answer("correct") for _ in questions], "a.tex", stream)
    assert len(list(answers(asked_for))) == 2
    shown = stream.getvalue()
    assert "a.tex: 1 of 2 equations" in shown
    assert "a.tex: 2 of 2 equations" in shown
    assert shown.endswith(f"\r{' ' * len('a.tex: 2 of 2 equations')}\r")
    quiet = io.StringIO()
    list(watched(lambda questions: [], "a.tex", quiet)(asked_for))
    assert quiet.getvalue() == ""


@pytest.mark.parametrize("typed", [("--activations", "softmx"), ("--loss", "crossentropy")])
def test_a_misspelt_name_is_refused_before_anything_heavy_is_imported(typed: tuple[str, str]) -> None:
    code = (
        "import sys\nfrom reports.cli import main\ntry:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    print('sympy' in sys.modules)"
    )
    for command in ((), ("check", "a = b")):
        arguments = [*command, *(() if command else ("--layers", "2,3,1")), *typed]
        found = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
        assert f"'{typed[1]}'; did you mean" in found.stderr
        assert found.stdout.strip() == "False"
