"""Every kind of report that is set on paper, as rows: the command that writes it, and the files that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.tables.notations import NOTATIONS
from reports.examples import EXAMPLES

LETTERS = tuple(NOTATIONS)
DETAILS = ("brief", "standard", "full")


@dataclass(frozen=True)
class Case:
    """`arguments` of `derive`; `files` are laid beside the report first; `name` is the stem of what is written.

    A `document` is one that `derive check` reports on: its report is named by `--output` and has no formats.
    """

    title: str
    arguments: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    document: bool = False


# What draws, breaks or overflows differently: one neuron, depth, width, no bias, the losses, the activations.
NETWORKS: tuple[tuple[str, ...], ...] = (
    ("1,1",),
    ("2,3,1",),
    ("3,4,3,2", "tanh,tanh,softmax", "cross-entropy"),
    ("4,8,8,2", "relu,relu,softmax", "cross-entropy"),
    ("16,32,32,8", "gelu,silu,softmax", "nll"),
    ("784,30,10",),
    ("784,b,10", "relu", "half-squared-error", "appended"),
    ("784,100,40,10", "relu,relu,softmax", "cross-entropy"),
    ("2,3,3,3,3,3,1", "tanh"),
    ("2,2,2,2,2,2,2,2,2,2,2", "softsign"),
    ("3,2,1", "leaky-relu:alpha=0.1", "huber"),
    ("3,3,2", "elu,softmax", "kl"),
    ("4,2", "softmax", "squared-error"),
    ("2,3,2", "silu,linear", "log-cosh"),
    ("5,4,1", "gelu,sigmoid", "binary-cross-entropy"),
    ("2,2,3", "softplus,linear", "cosine"),
    ("3,4,3,2", "sigmoid,tanh,linear", "mae", "none"),
    ("2,3,2", "relu,softplus", "msle", "none,separate"),
    ("3,2,2", "logistic,linear", "mape", "appended,none"),
    ("2,4,2", "silu,tanh", "hinge"),
    ("1,12,1", "step,linear", "l1"),
    ("6,1,6", "elu,linear", "mse"),
)

TOO_LARGE = ("16,32,32,8", "784,30,10", "784,b,10", "784,100,40,10")  # to be written out in full

GIVEN: dict[str, tuple[str, ...]] = {
    "ridge": ("-g", r"f = \lVert X w - y \rVert^2 + \lambda \lVert w \rVert^2", "--wrt", "w"),
    "power": ("-g", "f = x^3"),
    "quadratic form": ("-g", "f = x^T A x", "--shape", "A=n,n", "--shape", "x=n", "--wrt", "x"),
    "attention": ("-g", r"O = \operatorname{softmax}\left(\frac{Q K^T}{\sqrt{d}}\right) V",
                  "--shape", "Q=n,d", "--shape", "K=m,d"),
    "layer norm": ("-g", "layernorm.txt", "--wrt", r"x,\gamma,\beta"),
    "logistic": ("-g", "logistic.txt"),
    "mixture": ("-g", r"L = -\sum_i \log \left(\sum_k \pi_k \exp\left(-\frac{(x_i - \mu_k)^2}{2 s_k}\right)\right)",
                "--wrt", r"\mu"),
}  # fmt: skip

HESSIANS: dict[str, tuple[str, ...]] = {
    "2,3,1": ("--layers", "2,3,1"),
    "softmax": ("--layers", "4,5,3", "--activations", "tanh,softmax", "--loss", "cross-entropy"),
    "deep": ("--layers", "2,3,3,3,1", "--activations", "gelu"),
    "appended": ("--layers", "3,4,2", "--bias", "appended", "--loss", "huber"),
    "ridge": GIVEN["ridge"],
    "quadratic form": GIVEN["quadratic form"],
}

TRAININGS: dict[str, tuple[str, ...]] = {
    "digits": ("--layers", "64,10,10", "--data", "digits", "--epochs", "3"),
    "flowers": ("--layers", "4,6,3", "--data", "flowers.csv", "--epochs", "40", "--optimiser", "adamw",
                "--schedule", "warm-up:epochs=3,cosine"),
    "numbers": ("--layers", "1,8,1", "--data", "numbers.csv", "--epochs", "12", "--optimiser", "nesterov"),
}  # fmt: skip

_LAYERNORM = r"""\mu = \frac{1}{n} \sum_{i=1}^n x_i
\sigma^2 = \frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2
\hat{x}_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}
y_i = \gamma_i \hat{x}_i + \beta_i
L = L(y)
"""
_LOGISTIC = r"""z = w^T x + b
p = \frac{1}{1 + e^{-z}}
L = -y \log p - (1 - y) \log (1 - p)
"""
_APPENDIX = r"""\documentclass{article}\usepackage{amsmath}\begin{document}
\begin{align}
\mu &= \frac1n \sum_{i=1}^n x_i \label{eq:mean} \\
s &= \sqrt{\frac1n \sum_{i=1}^n (x_i - \mu)^2 + \epsilon} \label{eq:s} \\
\hat{x}_i &= \frac{x_i - \mu}{s} \\
y_i &= \gamma_i \hat{x}_i + \beta_i \\
L &= \sum_{i=1}^n g_i y_i
\end{align}
Backwards, as everybody knows,
\begin{align}
\frac{\partial L}{\partial \beta_i} &= g_i \label{eq:beta} \\
\frac{\partial L}{\partial \gamma_i} &= g_i \hat{x}_i \label{eq:gamma} \\
\frac{\partial L}{\partial x_i} &= \frac1s \left(\gamma_i g_i - \frac1n \sum_{j=1}^n \gamma_j g_j
  + \frac{\hat{x}_i}{n} \sum_{j=1}^n \gamma_j g_j \hat{x}_j\right) \label{eq:input} \\
\frac{\partial L}{\partial x_i} &= \frac1s \gamma_i g_i - \frac1{n s} \sum_{j=1}^n \gamma_j g_j
  - \frac{\hat{x}_i}{n s} \sum_{j=1}^n \gamma_j g_j \hat{x}_j + \frac{1}{s} \left( \frac{\mu - x_i}{s} - \frac{\mu -
  x_i}{s}\right) + \left(x_i - \mu\right)^3 - \left(x_i^3 - 3 \mu x_i^2 + 3 \mu^2 x_i - \mu^3\right)
\end{align}
\[ w_{t+1} = w_t - \eta \sum_{i=1}^n v_i \quad\text{and} \quad \frac{\partial L}{\partial q} = \frac{1}{2} \blub \]
\end{document}
"""
_FILES = {
    "layernorm.txt": _LAYERNORM,
    "logistic.txt": _LOGISTIC,
    "flowers.csv": "long,wide,petal,colour,kind\n"
    + "".join(f"{k + n % 7 * 0.1},{3 - k},{n % 5 * 0.2},{n % 2},{'abc'[k]}\n" for k in range(3) for n in range(30)),
    "numbers.csv": "x,y\n" + "".join(f"{n / 40},{(n / 40) ** 2}\n" for n in range(60)),
}
PAPERS = {"appendix.tex": _APPENDIX}


def chapters(everything: bool = False) -> Iterator[Case]:
    """Each network in the standard detail and in each detail; all letters for some, or for all with `everything`."""
    for place, row in enumerate(NETWORKS):
        layers, activations, loss, bias = (*row, *("", "", "")[len(row) - 1 :])
        options = [("--activations", activations), ("--loss", loss), ("--bias", bias)]
        network = ("--layers", layers, *(part for option in options if option[1] for part in option))
        for turn, detail in enumerate(DETAILS if layers not in TOO_LARGE else DETAILS[:2]):
            whole = everything or (detail == "standard" and place in (1, 2, 8))
            for letters in LETTERS if whole else (LETTERS[(place + turn) % len(LETTERS)],):
                yield _case("chapter", *network, "--detail", detail, "--notation", letters)
        yield _case("expanded", *network, "--expand", "--notation", LETTERS[(place + 3) % len(LETTERS)])


def sheets(everything: bool = False) -> Iterator[Case]:
    """Exercises with their solutions."""
    for place, letters in enumerate(LETTERS):
        for row in NETWORKS[1:9] if everything else (NETWORKS[1 + place],):
            layers, activations, loss = (*row, *("sigmoid", "half-squared-error")[len(row) - 1 :])[:3]
            network = ("--layers", layers, "--activations", activations, "--loss", loss)
            yield _case("exercises", *network, "--exercises", "--notation", letters)


def givens(everything: bool = False) -> Iterator[Case]:
    """Definitions in place of a network."""
    for arguments in GIVEN.values():
        yield _case("given", *arguments)


def hessians(everything: bool = False) -> Iterator[Case]:
    """Second derivatives, in turn in each book's letters."""
    for place, arguments in enumerate(HESSIANS.values()):
        if "-g" in arguments:
            yield _case("hessian", *arguments)
            continue
        for letters in LETTERS if everything else (LETTERS[place % len(LETTERS)],):
            yield _case("hessian", *arguments, "--notation", letters)


def trainings(everything: bool = False) -> Iterator[Case]:
    """Small trainings."""
    for arguments in TRAININGS.values():
        yield _case("train", *arguments)


def examples(everything: bool = False) -> Iterator[Case]:
    """Every worked example."""
    for name in EXAMPLES:
        yield _case("example", name)


def papers(everything: bool = False) -> Iterator[Case]:
    """Documents that somebody else wrote, checked."""
    for name, text in PAPERS.items():
        yield Case(f"check {name}", ("check", name), {name: text}, document=True)


def chinese(everything: bool = False) -> Iterator[Case]:
    """Each kind once in Chinese, which Typst alone sets."""
    for kind in (chapters, sheets, givens, hessians, trainings, examples):
        cases = list(kind())
        for case in cases if everything or kind is examples else cases[6:60:21] or cases[:1]:
            yield Case(f"{case.title} zh", (*case.arguments, "--language", "zh"), case.files)


KINDS = {
    "chapters": chapters, "sheets": sheets, "givens": givens, "hessians": hessians, "trainings": trainings,
    "examples": examples, "papers": papers, "chinese": chinese,
}  # fmt: skip


def _case(kind: str, *arguments: str) -> Case:
    command = (kind,) if kind in ("hessian", "train", "example") else ()
    title = " ".join([kind, *(word for word in arguments if not word.startswith("--"))])
    return Case(title, (*command, *arguments), {name: _FILES[name] for name in _FILES if name in arguments})
