r"""What is written is read: tables of formulas and their trees, of spellings that are one, and of some that are not."""

import pytest

from derive.tables.glyphs import GLYPHS
from tests.sketch import sketch
from verify.latex import Unreadable, read, unread
from verify.latex.characters import spelled
from verify.latex.walk import walk

TREES = [
    # --- scripts ---
    ("w^2_{jk}", "w_{⟨j k⟩}^{2}"),
    ("w_{12}^{(2)}", "w_{12}^{(2)}"),
    ("a^{[l-1]T}", "a^{[l − 1]}T"),
    ("W^{(l+1)^T}", "W^{(l + 1)}T"),
    (r"W^{T(l+1)}", "WT^{(l + 1)}"),
    (r"W^{[2]\top}", "W^{[2]}ᵀ"),
    (r"W^{2T}", "W^{2}T"),
    (r"w^{l+1}", "w^{l + 1}"),
    (r"A^{-\mathsf{T}}", "A^{−1}ᵀ"),
    (r"A^{-1}", "A^{−1}"),
    (r"a^{[l](i)}_j", "a_{j}^{[l]}^{(i)}"),
    (r"a^{\langle t \rangle}", "a^{<t>}"),
    (r"x^{\odot 2}", r"x^{\odot2}"),
    (r"w^*", "w^{*}"),
    ("T^{T}", "TT"),
    ("x^{T-1}", "x^{T − 1}"),
    ("{}^{1}w^{2}_{1}", "^{1}|w_{1}^{2}"),
    (r"{}^{l}x^i(1-{}^{l}x^i)", "^{l}|x^{i}{1 − ^{l}|x^{i}}"),
    (r"\frac{\partial E}{\partial\, {}^{1}w^{2}_{1}}", "D(E; ^{1}|w_{1}^{2})"),
    ("{w^2}^2", "pow(w^{2}, 2)"),
    ("{W^{[2]}}^T", "W^{[2]}T"),
    ("(w^2_{11})^2", "pow((w_{11}^{2}), 2)"),
    ("(Wx)_j^2", "pow((⟨W x⟩)_{j}, 2)"),
    ("(W)^T_{jk}", "transpose(W)_{⟨j k⟩}"),
    # --- products ---
    (r"W^T \delta \odot \sigma'(z)", r"⟨⟨WT \delta⟩ \odot \sigma′{z}⟩"),
    (r"a \odot b c * d", r"⟨a \odot ⟨b c⟩ * d⟩"),
    (r"a / b c", "⟨(a / b) c⟩"),
    (r"1/2x", "⟨(1 / 2) x⟩"),
    (r"a b/c d", "⟨(⟨a b⟩ / c) d⟩"),
    (r"a \cdot -b", "⟨a·−b⟩"),
    ("(a-y)2", "⟨(a − y) 2⟩"),
    ("a(1-a)^2", "a{1 − a}^{2}"),
    ("(a)(b)", "⟨(a) (b)⟩"),
    (r"-{a b}", "−⟨a b⟩"),
    # --- derivatives ---
    (r"\frac{\partial E}{\partial w}", "D(E; w)"),
    (r"∂C/∂w^3_{13} · x", "⟨D(C; w_{13}^{3})·x⟩"),
    (r"\frac{dE}{dw_1} x", "⟨D(E; w_{1}) x⟩"),
    (r"dE/dw x", "⟨D(E; w) x⟩"),
    (r"\frac{d}{dz}\sigma(z)(1-\sigma(z)) + 1", r"O(⟨\sigma{z} (1 − \sigma{z})⟩; z) + 1"),
    (r"\frac{d}{dz}\left[\sigma(z)\right] x", r"⟨O([\sigma{z}]; z) x⟩"),
    (r"\frac{\partial^2 E}{\partial w \partial v}", "D(E; w,v)"),
    (r"\frac{\partial^2 E}{\partial w^2}", "D(E; w**2)"),
    (r"\frac{\partial E}{\partial w^2}", "D(E; w^{2})"),
    (r"\frac{\partial^2 C}{\partial (w^2_{11})^2}", "D(C; (w_{11}^{2})**2)"),
    (r"\frac{\partial W x}{\partial x}", "D(⟨W x⟩; x)"),
    (r"\nabla_{a^2} C \odot s", r"⟨∇(C; a^{2}) \odot s⟩"),
    (r"\nabla_w \frac12 \|x\|^2", "∇(⟨(1 / 2) pow(‖x‖, 2)⟩; w)"),
    (r"\nabla f", "∇(f; )"),
    (r"\partial_w C x", "⟨D(C; w) x⟩"),
    (r"\left.\frac{d\sigma}{dz}\right|_{z=z_1} x", r"⟨at(D(\sigma; z); z = z_{1}) x⟩"),
    (r"\frac{d\sigma}{dz}\Big|_{z_1}", r"at(D(\sigma; z); z_{1})"),
    (r"{\partial E \over \partial w}", "D(E; w)"),
    (r"dW^{[1]}", "⟨d W^{[1]}⟩"),
    (r"E_w", "E_{w}"),
    # --- functions and sums ---
    (r"\log x y\, z", "⟨[mathrm:log ⟨x y⟩] z⟩"),
    (r"\log\frac{y}{a} b", "⟨[mathrm:log (y / a)] b⟩"),
    (r"\tanh^2 z", "[mathrm:tanh^{2} z]"),
    (r"\tanh(z)^2", "pow([mathrm:tanh (z)], 2)"),
    (r"\operatorname{softmax}(z)_i", "[mathrm:softmax (z)]_{i}"),
    (r"\max(0, z)", "[mathrm:max (0,z)]"),
    (r"\max_k z_k", "max[k](z_{k})"),
    (r"e^{-w^T x}", "pow(e, −⟨wT x⟩)"),
    (r"e^{(2)}_j", "e_{j}^{(2)}"),
    (r"\sum_{k=1}^{n} a_k b_k + c", "sum[k = 1..n](⟨a_{k} b_{k}⟩) + c"),
    (r"\sum_{i \ne j} \sum_{k\in S} x", "sum[i ≠ j](sum[k in S](x))"),
    (r"\sum_k -y_k \log a_k", "sum[k](−⟨y_{k} [mathrm:log a_{k}]⟩)"),
    (r"\mathbb{1}[z>0] + \mathbf{1}_{z>0} + 1_{\{z>0\}}", "1[z > 0] + 1[z > 0] + 1[z > 0]"),
    (r"\mathbf{1}^\top x", "⟨mathbf:1ᵀ x⟩"),
    (r"\lVert x\rVert_2^2 + |x|", "pow(‖x‖_{2}, 2) + |x|"),
    (r"|a||b|", "⟨|a| |b|⟩"),
    (r"\langle a, b\rangle", "<a, b>"),
    (r"\sqrt[3]{x}\sqrt2", "⟨√3(x) √(2)⟩"),
    (r"\begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}", "cases(1 if z > 0; 0 if else)"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} + [a; b]", "matrix(a,b; c,d) + matrix(a; b)"),
    (r"\underbrace{(a-y)}_{\partial C/\partial a} x", "⟨marked((a − y)) x⟩"),
    (r"J(\theta) = L(y, \hat y)", r"J{\theta} = L{y,hat:y}"),
    (r"\text{ReLU}(z)", "[mathrm:ReLU (z)]"),
    (r"\mathrm{net}_j", "mathrm:net_{j}"),
    (r"x = y \quad = z", "x = y = z"),
]


@pytest.mark.parametrize(("text", "expected"), TREES, ids=[row[0] for row in TREES])
def test_the_tree_of_a_formula(text, expected):
    (statement,) = read(text).statements
    assert sketch(statement.body) == expected


ONE = [
    (r"\hat y", r"\hat{y}", "ŷ", r"\widehat{y}", "y\u0302"),
    (r"\sigma'(z)", r"\sigma^{\prime}(z)", r"\sigma^\prime\!\left(z\right)", "σ′(z)", r"\sigma\prime(z)", "σ’(z)"),
    (r"\delta_1^{(2)}", r"\delta^{(2)}_1", r"{\delta}_{1}^{\left( 2 \right)}", "δ⁽²⁾₁", "δ^(2)_1"),
    (r"W^\top x", r"W^{\top}x", r"W^{\mathsf T} x", r"W^{\intercal}x", "Wᵀx", r"W^{\text{T}} x"),
    (r"g^{[l]'}(z)", r"g^{[l]\prime}(z)", r"{g^{[l]}}'(z)"),
    (r"a \odot b", "a ⊙ b"),
    (r"a \cdot b", "a · b", "a ⋅ b"),
    (r"a * b", r"a \ast b", "a .* b"),
    (r"a - b", "a − b", "a – b"),
    (r"\frac{a}{b}", r"\dfrac a b", r"{a \over b}", r"\tfrac{a}{{b}}", r"\frac ab"),
    (r"\frac12 x", r"\frac{1}{2}x", "½ x"),
    (r"(a + b) c", r"\left( a+b \right) c", r"\bigl( a + b \bigr)\, c", r"\bigg(a+b\bigg)c"),
    (r"\|x\|", r"\lVert x \rVert", r"\left\| x \right\|", "‖x‖", "||x||", r"\Vert x\Vert"),
    (r"x y", r"x\,y", r"x\;y", r"{x}{y}", r"{x y}", r"\color{red}{x} y", r"\displaystyle x y"),
    (r"a \ne b", "a ≠ b", r"a \neq b", r"a \not= b", "a != b"),
    (r"a \le b", "a ≤ b", "a <= b", r"a \leqslant b"),
    (r"a := b", r"a \coloneqq b", "a ≔ b"),
    (r"\mathbf{W} x", r"{\bf W} x", r"\mathbf W x"),
    (r"\boldsymbol{\delta}", r"\bm{\delta}", r"\boldsymbol\delta", "𝜹"),
    (r"\operatorname{diag}(x)", r"\mathrm{diag}(x)", r"\text{diag}(x)", r"\operatorname*{diag}(x)"),
    (r"\mathbb{1}[x > 0]", "𝟙[x > 0]"),
    (r"w^{l-1}_{jk} + z", "wˡ⁻¹ⱼₖ + z"),
    (r"\sum_k a_k", "∑_k a_k", r"\sum\nolimits_{k} a_k", r"\sum\limits_k a_k"),
    (r"a = b", "$a = b$", "$$a = b.$$", r"\[ a = b, \]", r"\(a=b\)", r"\begin{equation} a = b \label{x}\end{equation}",
     r"{\displaystyle a = b}", "a == b", "a &= b", "a = b % why"),
    (r"\exp(-z)", r"\exp{(-z)}", r"\exp{\left(-z\right)}"),
    ("a = b = c", r"\begin{aligned} a &= b \\ &= c \end{aligned}", r"a &= b, \\[2pt] &= c",
     r"\begin{eqnarray*} a & = & b \nonumber \\ & = & c \end{eqnarray*}", r"a = b \quad\text{(chain rule)} \\ = c"),
    ("a = (b + c)", r"\begin{align} a &= \left( b \right. \\ & \left. + c \right) \end{align}", r"a = ( b \\ &+ c )"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", ONE, ids=[row[0] for row in ONE])
def test_spellings_that_are_one(spellings):
    trees = {text: tuple(one.body for one in read(text).statements) for text in spellings}
    assert len(set(trees.values())) == 1, {text: list(map(sketch, one)) for text, one in trees.items()}


TWO = [
    (r"\varphi", r"\phi"), (r"\varepsilon", r"\epsilon"), ("W", "w"), (r"\mathbf{w}", "w"), ("w_{12}", "w_{1,2}"),
    ("w^{2}", "w^{(2)}"), ("w^{(2)}", "w^{[2]}"), (r"\sigma(z)", r"\sigma'(z)"), ("AB", "BA"), ("W^T x", "W x"),
    (r"\mathcal{L}", "L"), ("0.5", "0.50"), ("x_{01}", "x_{1}"), ("a^2_1", "(a_1)^2"), (r"a \odot b", r"a \otimes b"),
    ("a - y", "y - a"), (r"\frac{\partial C}{\partial b}", r"\frac{\partial C}{\partial w}"), ("f''(x)", "f'(x)"),
    (r"\log x", r"\ln x"), (r"a \cdot b", "a b"), ("x^T", r"x^\top"), (r"\bar x", r"\hat x"), ("f(x, y)", "f(x; y)"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TWO)
def test_spellings_that_stay_two(one, other):
    assert read(one).statements[0].body != read(other).statements[0].body


WILD = [
    r"\frac{\partial \mathcal{L}}{\partial W^{[1]}_{2,2}} = \left(a_1-y_1\right)\cdot g^{\prime}\left(z_2\right)",
    r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
    r"dW^{[l]} = dz^{[l]} a^{[l-1]T}",
    r"\delta^{[1]} = \left(W^{[2]}\right)^\top \delta^{[2]} \odot a^{[1]} \odot (1 - a^{[1]})",
    r"\partial E/\partial w_{12}^3 = \left(a_1^3-y_1\right)\,a_2^2",
    r"\nabla_{W^{(1)}} J = \left( \nabla_{a^{(1)}} J \right) x^\top",
    r"\boldsymbol{\delta}^{(1)} = \operatorname{diag}\left(h'(\mathbf{a}^{(1)})\right) (\mathbf{W}^{(2)})^{T} \delta",
    r"\frac{\partial E}{\partial\, {}^{1}w^{2}_{1}} = ({}^{2}x^{1} - y^{1})\; {}^{2}x^{1}\,(1 - {}^{2}x^{1})",
    r"L = -\left[ y \log \hat{y} + (1-y) \log(1-\hat{y}) \right]",
    r"P_{ij} = \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}}",
    r"\hat{x}_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}",
    r"f = \| Xw - y \|_2^2",
    r"\frac{\partial C}{\partial a^2_j} = -\left(\frac{y_j}{a^2_j} - \frac{1-y_j}{1-a^2_j}\right)",
    r"{\frac {\partial E}{\partial w_{ij}}}={\frac {\partial o_{j}}{\partial {\text{net}}_{j}}}x",
    r"\delta _ { j } ^ { ( 2 ) } = \frac { \partial E } { \partial a _ { j } ^ { ( 2 ) } }",
    r"dZ^{[1]} = W^{[2]T} dZ^{[2]} * {g^{[1]}}'(Z^{[1]})",
    r"\frac{\partial}{\partial x_i}\left( \frac{e^{x_i}}{\sum_j e^{x_j}} \right) = p_i(\mathbb{1}_{i=j} - p_j)",
    r"\mathrm{Attention}(Q,K,V) = \mathrm{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)V",
    r"\frac{\partial \log|\det A|}{\partial A} = A^{-\top}",
    r"E_{total} = \frac{1}{2}(target_{o1} - out_{o1})^2",
    r"\psi^{(l)} = a'(z) \odot (\bar{W}^{(l)T}\psi)",
    r"D = p_i(\delta_{ij} - p_j), \quad p = \operatorname{softmax}(z)",
]


@pytest.mark.parametrize("text", [row[0] for row in TREES] + [text for row in ONE for text in row] + WILD)
def test_what_is_unread_is_read_as_the_same_tree(text):
    for statement in read(text).statements:
        (again,) = read(unread(statement)).statements
        assert again.body == statement.body


# --- statements -----------------------------------------------------------------------------------------------------

STATEMENTS = [
    (r"A = B, \quad s = C", ["claim A = B", "beside s = C"]),
    (r"A = B \quad \text{where } s = C \text{ and } t = D", ["claim A = B", "beside s = C", "beside t = D"]),
    (r"A = B \quad \text{for } j = 1, \ldots, n", ["claim A = B", "condition j in 1,…,n"]),
    (r"A = B, \quad j, k = 1, \dots, n", ["claim A = B", "condition j,k in 1,…,n"]),
    (r"A = B \qquad (l = L-1, \ldots, 2)", ["claim A = B", "condition l in L − 1,…,2"]),
    (r"A = B \quad \forall j, k", ["claim A = B", "condition all j,k"]),
    (r"A = B, \quad i \ne j", ["claim A = B", "condition i ≠ j"]),
    (r"A = B \qquad C = D", ["claim A = B", "claim C = D"]),
    (r"A = B \implies C = D", ["claim A = B", "claim C = D"]),
    (r"A = B \quad (3)", ["claim A = B"]),
    (r"\text{BP1: } \quad A = B \tag{BP1}", ["claim A = B"]),
    (r"\begin{align*} A &= B \\ &= C \\ D &= E \end{align*}", ["claim A = B = C", "claim D = E"]),
    (r"\begin{align} A &= B & C &= D \\ & + E \end{align}", ["claim A = B", "claim C = D + E"]),
    (r"\left\{ \begin{aligned} a &= b \\ c &= d \end{aligned} \right.", ["claim a = b", "claim c = d"]),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS, ids=[row[0] for row in STATEMENTS])
def test_the_statements_of_a_text(text, expected):
    assert [f"{one.role} {sketch(one.body)}" for one in read(text).statements] == expected


def test_what_stands_beside_a_formula_is_kept():
    notes = read("a = b \\label{eq:1} \\tag{2} \\quad \\text{(why)} % so").notes
    assert [(one.kind, one.text) for one in notes] == [
        ("label", "eq:1"),
        ("tag", "2"),
        ("remark", "(why)"),
        ("comment", "so"),
    ]


def test_places_are_those_of_the_text():
    text = r"δ² = w^3 \hat{y} \odot σ′(z₂)"
    reading = read(text)
    found = {reading.source(node) for node in walk(reading.statements[0].body)}
    assert {text, "δ²", "w^3", r"\hat{y}", "σ′(z₂)", "σ′", "z₂", r"w^3 \hat{y}"} <= found


@pytest.mark.parametrize("row", GLYPHS.values(), ids=str)
def test_every_glyph_is_read_in_both_spellings(row):
    if len(row.character) == 1 and row.character != row.name:
        assert spelled(row.character) is not None
    if row.kind == "letter" and row.name not in (r"\partial", r"\nabla", r"\top", r"\prime", "/"):
        assert read(row.name).statements[0].body == read(row.character).statements[0].body


def test_an_error_points_at_its_place():
    with pytest.raises(Unreadable) as caught:
        read(r"a = b + \clubsuit^3_1")
    assert caught.value.pointed(r"a = b + \clubsuit^3_1").splitlines()[1:] == [
        "        ^^^^^^^^^",
        r"the command \clubsuit is not known",
    ]
