r"""What each command and each character is to the reader, in rows.

A row is `(spelling, kind, name)`: the kind says what the grammar does with it, the name is the one spelling under which
the tree keeps it.  Letters keep their own names: \varphi and \phi are different letters.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.tables.glyphs import GLYPHS


@dataclass(frozen=True, slots=True)
class Word:
    """A row: what stands in the text, what the grammar does with it, and the name that the tree keeps."""

    spelling: str
    kind: str
    name: str


def _words(text: str) -> list[str]:
    return text.split()


def _same(kind: str, spellings: str) -> list[Word]:
    """Rows whose name is their spelling."""
    return [Word(one, kind, one) for one in spellings.split()]


def _named(kind: str, pairs: str) -> list[Word]:
    """Rows from a text of `spelling name` pairs."""
    parts = pairs.split()
    return [Word(spelling, kind, name) for spelling, name in zip(parts[::2], parts[1::2], strict=True)]


_NO_LETTERS = (r"\partial", r"\nabla", r"\top", r"\prime")
_GREEK = [name for name, row in GLYPHS.items() if row.kind == "letter" and name.startswith("\\") and "{" not in name]

_WORDS = (
    *_same("letter", " ".join(name for name in _GREEK if name not in _NO_LETTERS)),
    *_same("letter", r"\ell \varrho \varpi \varkappa \digamma \imath \jmath \Re \Im \aleph \emptyset \star \dagger"),
    # --- signs between operands ---
    *_named("plus", r"+ + - -"),
    *_named("tight", r"\cdot \cdot \times \times"),
    *_named("loose", r"\odot \odot \circ \circ * * \ast * \otimes \otimes \oslash \oslash"),
    *_named("slash", r"/ / \div / \slash /"),
    *_same("ellipsis", r"\ldots \cdots \dots \dotsc \dotsb \vdots \ddots"),
    *_named(
        "relation",
        r"""= equal \equiv identical \coloneqq define \coloneq define \triangleq define \doteq define \eqqcolon define
        < less > greater \lt less \gt greater \le at-most \leq at-most \leqslant at-most \ge at-least \geq at-least
        \geqslant at-least \ne unequal \neq unequal \approx approx \simeq approx \cong approx \sim like
        \propto proportional \leftarrow update \gets update \to arrow \rightarrow arrow \mapsto arrow
        \longrightarrow arrow \longmapsto arrow \in in \notin not-in \ll less-much \gg greater-much""",
    ),
    *_same(
        "implies",
        r"\Rightarrow \implies \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \therefore \Leftarrow \because",
    ),
    *_same("over-relation", r"\stackrel \overset"),
    *_same("under-sign", r"\underset"),
    *_same("not", r"\not"),
    *_same("forall", r"\forall"),
    # --- brackets ---
    *_named("open", r"( ( [ [ \{ { \lbrace { \lbrack [ \lparen ( \langle < \lvert | \lVert ‖"),
    *_named("close", r") ) ] ] \} } \rbrace } \rbrack ] \rparen ) \rangle > \rvert | \rVert ‖"),
    *_named("bar", r"| | \vert | \| ‖ \Vert ‖ \mid |"),
    *_same("left", r"\left"),
    *_same("right", r"\right"),
    *_same("middle", r"\middle"),
    *_named("size", r"\big any \Big any \bigg any \Bigg any \bigm any \Bigm any"),
    *_named("size", r"\bigl open \Bigl open \biggl open \Biggl open"),
    *_named("size", r"\bigr close \Bigr close \biggr close \Biggr close"),
    # --- structures ---
    *_same("fraction", r"\frac \tfrac \dfrac \cfrac \nicefrac \sfrac"),
    *_same("over", r"\over"),
    *_same("root", r"\sqrt"),
    *_same("partial", r"\partial"),
    *_same("nabla", r"\nabla"),
    *_same("prime", r"\prime '"),
    *_same("transpose", r"\top \intercal"),
    *_named("big", r"\sum sum \prod prod"),
    *_same("brace", r"\underbrace \overbrace"),
    *_same("prescript", r"\prescript"),
    *_named(
        "accent",
        r"""\hat hat \widehat hat \bar bar \overline bar \tilde tilde \widetilde tilde \dot dot \ddot ddot \vec vec
        \overrightarrow vec \check check \breve breve \mathring mathring \underline underline \acute acute
        \grave grave""",
    ),
    *_named(
        "font",
        r"""\mathbf mathbf \boldsymbol boldsymbol \bm boldsymbol \pmb boldsymbol \mathrm mathrm \mathnormal plain
        \mathit plain \mathcal mathcal \mathscr mathscr \mathbb mathbb \mathds mathbb \mathbbm mathbb
        \mathsf mathsf \mathtt mathtt \mathfrak mathfrak \symbf boldsymbol \symbfit boldsymbol""",
    ),
    *_named("switch", r"\bf mathbf \rm mathrm \it plain \cal mathcal \sf mathsf \tt mathtt"),
    *_named("newline", r"\\ \\ \cr \\ \newline \\"),
    *_same(
        "group", r"\substack \boxed \fbox \smash \mathop \mathrel \mathbin \mathord \mathopen \mathclose \ensuremath"
    ),
    # --- what takes an argument that is no formula ---
    *_named("raw", r"\text text \textrm text \textnormal text \mbox text \hbox text \textit text"),
    *_named("raw", r"\textbf text \textsf text \textup text"),
    *_named("raw", r"\operatorname operator \DeclareMathOperator forbidden"),
    *_named("raw", r"\begin begin \end end \label label \tag tag \intertext text \shortintertext text"),
    *_named("raw", r"\color skip \textcolor skip \colorbox skip \hspace skip \vspace skip \mspace skip"),
    *_named("raw", r"\phantom skip \hphantom skip \vphantom skip \ref note \eqref note \cite note"),
    # --- what leaves no trace ---
    Word("\\ ", "thin", "\\ "),
    *_same("thin", r"\, \: \; \> \thinspace \medspace \thickspace ~ \enspace \enskip"),
    *_same("quad", r"\quad \qquad \hfill"),
    *_same(
        "skip",
        r"""\! \negthinspace \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \nonumber
        \notag \mathstrut \strut \null \relax \/ \allowbreak \nobreak \break \noindent \centering \small \normalsize
        \footnotesize \large \Large \allowdisplaybreaks \nolinebreak \displaylimits \hline""",
    ),
    # --- punctuation and the rest of ASCII ---
    *_same("{", "{"),
    *_same("}", "}"),
    *_same("^", "^"),
    *_same("_", "_"),
    *_same("&", "&"),
    *_same("$", "$"),
    *_same("delimiter", r"\[ \] \( \)"),
    *_same("comma", ", ;"),
    *_same("colon", r": \colon"),
    *_same("stop", "."),
)

REFUSED = {
    r"\pm": "± stands for two formulas at once", r"\mp": "∓ stands for two formulas at once",
    r"\int": "an integral is not read", r"\oint": "an integral is not read", r"\lim": "a limit is not read",
    r"\binom": "a binomial coefficient is not read", r"\choose": "a binomial coefficient is not read",
    r"\atop": r"\atop is not read", "!": "a factorial is not read", r"\bmod": "a remainder is not read",
    r"\cancel": "what is crossed out is not read", r"\%": "a percentage is not read",
    r"\wedge": "a logical sign is not read", r"\vee": "a logical sign is not read",
    r"\cup": "a set operation is not read", r"\cap": "a set operation is not read",
}  # fmt: skip
"""What is known and yet refused, and why."""

MACROS = frozenset(
    _words(
        r"""\def \edef \gdef \xdef \let \futurelet \newcommand \renewcommand \providecommand \newenvironment
    \renewenvironment \DeclareMathOperator \DeclareRobustCommand \newtoks \newcount \expandafter \csname \endcsname
    \input \include \includegraphics \usepackage \RequirePackage \documentclass \write \immediate \openin \openout
    \read \closein \closeout \special \catcode \lccode \uccode \mathcode \directlua \latelua \loop \repeat \if \ifx
    \ifnum \else \fi \the \jobname \uppercase \lowercase \string \meta \message \errmessage \scantokens \everymath
    \everypar \output \shipout \batchmode \scrollmode \verb \url \href \html \htmlData \htmlClass \require \unicode
    \bye \endinput \makeatletter \makeatother \global \long \outer \begingroup
    \endgroup \bgroup \egroup \ShellEscape"""
    )
)
"""Commands that define, read or write something: none of them is ever obeyed."""

RELATION_KINDS = {
    "equal": "=", "identical": r"\equiv", "define": ":=", "less": "<", "greater": ">", "at-most": r"\le",
    "at-least": r"\ge", "unequal": r"\ne", "approx": r"\approx", "like": r"\sim", "proportional": r"\propto",
    "update": r"\leftarrow", "arrow": r"\to", "in": r"\in", "not-in": r"\notin", "less-much": r"\ll",
    "greater-much": r"\gg",
}  # fmt: skip
"""The kinds of relation, and how each is printed."""

FUNCTIONS = {
    "log": "log", "ln": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec",
    "csc": "csc", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "coth": "coth", "sech": "sech", "csch": "csch",
    "arcsin": "arcsin", "arccos": "arccos", "arctan": "arctan", "atan": "arctan", "asin": "arcsin", "acos": "arccos",
    "arctanh": "artanh", "artanh": "artanh", "atanh": "artanh", "arcsinh": "arsinh", "arsinh": "arsinh",
    "max": "max", "min": "min", "sgn": "sign", "sign": "sign", "abs": "abs", "sqrt": "sqrt", "erf": "erf",
    "erfc": "erfc", "diag": "diag", "Diag": "diag", "tr": "trace", "Tr": "trace", "trace": "trace", "Trace": "trace",
    "det": "det", "vec": "vec", "softmax": "softmax", "Softmax": "softmax", "SoftMax": "softmax",
    "sigmoid": "sigmoid", "Sigmoid": "sigmoid", "logistic": "logistic", "relu": "relu", "ReLU": "relu",
    "Relu": "relu", "softplus": "softplus", "Softplus": "softplus", "SoftPlus": "softplus", "softsign": "softsign",
    "gelu": "gelu", "GELU": "gelu", "silu": "silu", "SiLU": "silu", "swish": "silu", "Swish": "silu", "elu": "elu",
    "ELU": "elu", "step": "step", "logsumexp": "logsumexp", "LSE": "logsumexp", "mean": "mean", "var": "var",
    "Var": "var", "argmax": "argmax", "argmin": "argmin", "sup": "sup", "inf": "inf", "LayerNorm": "layernorm",
    "log1p": "log1p", "logit": "logit", "expit": "sigmoid", "rank": "rank", "adj": "adj",
}  # fmt: skip
"""Words that are always functions, and what each means; every other word may be a name."""

COMMAND_FUNCTIONS = frozenset(
    _words("log ln exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min det sup inf")
)
"""Those that are commands of their own; the others are \\operatorname."""

OVER_BINDERS = frozenset(("max", "min", "argmax", "argmin", "sup", "inf"))
"""Functions that may bind an index written under them."""

LINES = frozenset(
    _words(
        """equation equation* align align* aligned alignat alignat* alignedat split gather gather* gathered multline
    multline* eqnarray eqnarray* flalign flalign* displaymath math subequations"""
    )
)
"""Environments whose body is lines of formulas."""

MATRICES = {
    "pmatrix": "(", "bmatrix": "[", "Bmatrix": "{", "vmatrix": "|", "Vmatrix": "‖", "matrix": "", "smallmatrix": "",
    "array": "", "pmatrix*": "(", "bmatrix*": "[",
}  # fmt: skip
CASES = frozenset(("cases", "dcases", "cases*", "dcases*", "rcases"))

TEXT_ROLES = {
    "where": "beside", "with": "beside", "let": "beside", "here": "beside", "in which": "beside", "given": "beside",
    "writing": "beside", "using": "beside", "by": "beside", "setting": "beside",
    "for": "condition", "if": "condition", "when": "condition", "whenever": "condition", "for all": "condition",
    "for every": "condition", "for each": "condition", "provided": "condition", "assuming": "condition",
    "on": "condition", "such that": "condition", "provided that": "condition", "s.t.": "condition",
    "and": "same", "or": "or", "so": "claim", "hence": "claim", "thus": "claim", "then": "claim",
    "therefore": "claim", "so that": "claim", "which gives": "claim", "we get": "claim", "since": "beside",
    "because": "beside", "also": "claim", "as": "beside", "i.e.": "claim", "implies": "claim", "gives": "claim",
    "and so": "claim", "and therefore": "claim", "and hence": "claim", "and thus": "claim",
}  # fmt: skip
"""Words between formulas: what the formula behind them is."""

OTHERWISE = frozenset(("otherwise", "else", "elsewhere", "otherwise.", "sonst"))

COMMANDS = {row.spelling: row for row in _WORDS}
COMMANDS |= {rf"\{name}": Word(rf"\{name}", "word", name) for name in COMMAND_FUNCTIONS}
COMMANDS |= {
    r"\argmax": Word(r"\argmax", "word", "argmax"),
    r"\argmin": Word(r"\argmin", "word", "argmin"),
    r"\sgn": Word(r"\sgn", "word", "sgn"),
    r"\sign": Word(r"\sign", "word", "sign"),
    r"\sech": Word(r"\sech", "word", "sech"),
    r"\diag": Word(r"\diag", "word", "diag"),
    r"\tr": Word(r"\tr", "word", "tr"),
    r"\Tr": Word(r"\Tr", "word", "Tr"),
    r"\trace": Word(r"\trace", "word", "trace"),
    r"\softmax": Word(r"\softmax", "word", "softmax"),
    r"\relu": Word(r"\relu", "word", "relu"),
    r"\ReLU": Word(r"\ReLU", "word", "ReLU"),
    r"\erf": Word(r"\erf", "word", "erf"),
    r"\vectorize": Word(r"\vectorize", "word", "vec"),
}
