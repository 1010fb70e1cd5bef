r"""Formulas with unit vectors, \mathbf{1}, I, blocks, lists and Kronecker's δ, on which the checker was once mistaken.

The truth of each row was found by hand: the sizes of 3-2-1 leave no choice for what has no size of its own.
"""

import pytest

from verify.checking.check import answer
from verify.checking.question import Question
from verify.meaning.open_sizes import Beyond, Open, fits, joined, list_axes, met, settled

NIELSEN = {"layers": [3, 2, 1], "notation": "nielsen"}
AUGMENTED = {"layers": [3, 2, 1], "notation": "augmented"}
NARROW = {"layers": [3, 1, 1], "notation": "augmented"}
LETTERS = {"layers": ["n_0", "n_1", 1], "notation": "augmented"}
SOFTMAX = {"layers": [2, 3], "activations": "softmax", "notation": "nielsen"}
CLASSES = {"layers": [2, 3], "activations": "softmax", "loss": "nll", "notation": "nielsen"}
THIN = {"layers": [1, 1, 1], "notation": "nielsen"}
ARRAYS = {
    "given": ["q=1"],
    "shapes": {"A": ["n", "n"], "B": ["n", "n"], "M": ["m", "n"], "x": ["n"], "y": ["m"]},
}
LISTS = {"given": ["v=(a,b,c)", "u=(a,b,c)^T"], "shapes": {"x": [3]}}
WIDE = {"layers": [784, 30, 10], "notation": "nielsen"}

RIGHT = (
    # the column of biases, or any other column
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{n_0+1}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{3+1}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{4}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{1+1}}={}^0\psi\,{}^0x^2"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{k}}={}^0\psi\,{}^0x^k"),
    (AUGMENTED, r"{}^0z=\sum_k{}^0w^k\,{}^0x^k+{}^0w^{n_0+1}"),
    (AUGMENTED, r"\bar W^{(0)}=\begin{pmatrix}W^{(0)}&{}^0w^4\end{pmatrix}"),
    (NARROW, r"\frac{\partial E}{\partial{}^1w^{1+1}}={}^1\psi"),
    (LETTERS, r"\frac{\partial E}{\partial{}^1w^{n_1+1}}={}^1\psi"),
    # unit vectors, ones and I are as long as what they meet
    (NIELSEN, r"w^2e_3=w^2\begin{pmatrix}0\\0\\1\end{pmatrix}"),
    (NIELSEN, r"\partial C/\partial b^2_2=e_2^T\delta^2"),
    (NIELSEN, r"\partial z^2/\partial w^2_{12}=x_2e_1"),
    (WIDE, r"e_5^Tx=x_5"),
    (NIELSEN, r"Ix=x"),
    (NIELSEN, r"\mathbf1^TIx=\sum_ix_i"),
    (NIELSEN, r"x\cdot\mathbf1=\sum_ix_i"),
    (NIELSEN, r"\langle x,\mathbf1\rangle=\sum_ix_i"),
    (NIELSEN, r"\operatorname{diag}(\mathbf1)=I"),
    (NIELSEN, r"\operatorname{tr}(w^2e_1e_1^T)=w^2_{11}"),
    (NIELSEN, r"x\otimes\mathbf1=x\mathbf1^T"),
    (NIELSEN, r"\mathbf1x^T=\begin{pmatrix}1\\1\end{pmatrix}x^T"),
    (NIELSEN, r"e_1e_2^T=(e_2e_1^T)^T"),
    (NIELSEN, r"\delta^2=(w^3)^T(\delta^3\odot\mathbf1)\odot\sigma'(z^2)"),
    (NIELSEN, r"(w^3)^Te_1=(w^3)^T"),
    (NIELSEN, r"C=\frac12\mathbf1^T(a^3-y)^{\odot2}"),
    (THIN, r"w^2e_1=w^2"),
    (THIN, r"\delta^2\mathbf1=\delta^2"),
    (ARRAYS, r"A+\mathbf1\mathbf1^T=A+1"),
    (ARRAYS, r"x-x=\mathbf0"),
    (ARRAYS, r"M\mathbf0=\mathbf0"),
    # a row times a column is a number, and has a gradient
    (NIELSEN, r"\partial(x^Tx)/\partial x=2x"),
    (NIELSEN, r"\partial z^3/\partial a^2=w^3"),
    # blocks
    (NIELSEN, r"\begin{pmatrix}w^2&0\\0&1\end{pmatrix}\begin{pmatrix}x\\1\end{pmatrix}"
              r"=\begin{pmatrix}z^2-b^2\\1\end{pmatrix}"),
    (NIELSEN, r"\begin{pmatrix}w^2&b^2\end{pmatrix}\begin{pmatrix}x\\0\end{pmatrix}=w^2x"),
    (NIELSEN, r"\begin{pmatrix}x\\1\end{pmatrix}=\begin{pmatrix}x\\0\end{pmatrix}+e_4"),
    (ARRAYS, r"\begin{pmatrix}A&0\\0&M\end{pmatrix}^T=\begin{pmatrix}A^T&0\\0&M^T\end{pmatrix}"),
    (ARRAYS, r"\begin{pmatrix}I&M\\0&I\end{pmatrix}\begin{pmatrix}I&-M\\0&I\end{pmatrix}=I"),
    (NIELSEN, r"[w^2\;b^2][x^T\;1]^T=z^2"),
    (NIELSEN, r"[w^2, b^2][x;1]=z^2"),
    (NIELSEN, r"[w^2,b^2;0,1]\begin{bmatrix}x\\1\end{bmatrix}=\begin{bmatrix}z^2\\1\end{bmatrix}"),
    (NIELSEN, r"(x^T,1)^T=\begin{pmatrix}x\\1\end{pmatrix}"),
    (ARRAYS, r"[A\;x][x;1]=Ax+x"),
    (NIELSEN, r"\left[(w^3)^T\delta^3\right]\odot\sigma'(z^2)=\delta^2"),
    # lists lie as they are needed
    (NIELSEN, r"x=(x_1,x_2,x_3)"),
    (NIELSEN, r"x=(x_1,x_2,x_3)^T"),
    (NIELSEN, r"x^T=(x_1,x_2,x_3)"),
    (NIELSEN, r"(1,2)w^2=\begin{pmatrix}1&2\end{pmatrix}w^2"),
    (NIELSEN, r"(1,2,3)^Tx=[1,2,3]x"),
    (NIELSEN, r"x\cdot(1,2,3)=x_1+2x_2+3x_3"),
    (NIELSEN, r"(x_1,x_2,x_3)\delta^3=x\delta^3"),
    (NIELSEN, r"\operatorname{diag}(x_1,x_2)=\begin{pmatrix}x_1&0\\0&x_2\end{pmatrix}"),
    (LISTS, "v=u"),
    (LISTS, "u^Tx=ax_1+bx_2+cx_3"),
    # Kronecker's δ
    (NIELSEN, r"\partial z^2_i/\partial b^2_j=\delta_{i,j}"),
    (NIELSEN, r"\partial z^2_i/\partial b^2_j=\delta_{i+1,j+1}"),
    (NIELSEN, r"\partial z^2_i/\partial b^2_j=\delta_{ij}"),
    (NIELSEN, r"\partial z^2_i/\partial b^2_j=I_{ij}"),
    (SOFTMAX, r"\frac{\partial a^2_i}{\partial z^2_j}=a^2_i(\delta_{i,j}-a^2_j)"),
    (SOFTMAX, r"\delta_{j}=\sum_k(a^2_k-y_k)a^2_k(\delta_{j,k}-a^2_j)"),
    (CLASSES, r"\delta^2_j=a^2_j-\delta_{j,y}"),
    ({"layers": [2, 3, 1], "notation": "ng"}, r"\frac{\partial z^{[1]}_i}{\partial b^{[1]}_j}=\delta_{i,j}"),
    ({"layers": [2, 3, 1], "notation": "bishop"}, r"\frac{\partial a^{(1)}_i}{\partial a^{(1)}_j}=\delta_{i,j}"),
    ({"layers": [2, 3, 1]}, r"\frac{\partial z^2_i}{\partial b^2_j}=\delta_{i,j}"),
)  # fmt: skip

WRONG = (
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{1+1}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{n_1+1}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{n_0-2+1}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{k}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{5}}={}^0\psi"),
    (NARROW, r"\frac{\partial E}{\partial{}^1w^{1}}={}^1\psi"),
    (LETTERS, r"\frac{\partial E}{\partial{}^0w^{n_1+1}}={}^0\psi"),
    (NIELSEN, r"\partial C/\partial b^2=\delta^2+e_5"),
    (NIELSEN, r"\partial C/\partial b^2=\delta^2+e_0"),
    (NIELSEN, r"x^Te_5=0"),
    (NIELSEN, r"b^2-b^2=e_5"),
    (NIELSEN, r"x\odot e_4=0"),
    (NIELSEN, r"\langle x,e_5\rangle=0"),
    (NIELSEN, r"(I-e_4e_4^T)x=x"),
    (NIELSEN, r"\operatorname{diag}(e_5)x=0"),
    (NIELSEN, r"\lVert x-e_4\rVert^2=\lVert x\rVert^2+1"),
    (THIN, r"w^2e_2=0"),
    (WIDE, r"\partial C/\partial b^3=\delta^3+e_{12}"),
    (NIELSEN, r"b^2e_2=0"),
    (NIELSEN, r"\mathbf1\mathbf1=\mathbf1"),
    (NIELSEN, r"w^2e_1=w^2e_1+e_1e_2"),
    (NIELSEN, r"\mathbf1^Tx^T=x^T"),
    (NIELSEN, r"\mathbf1-e_1=0"),
    (NIELSEN, r"Ix=b^2+Ix-b^2"),
    (NIELSEN, r"I-2a^2=I-a^2-a^2"),
    (NIELSEN, r"\partial z^2/\partial b^2=I_3"),
    (ARRAYS, r"\mathbf1=I"),
    (ARRAYS, r"M+I=I+M"),
    (NIELSEN, r"\partial(x^Tx)/\partial x=2x^T"),
    (NIELSEN, r"\begin{pmatrix}w^2&0\\0&1\end{pmatrix}\begin{pmatrix}x\\1\end{pmatrix}"
              r"=\begin{pmatrix}z^2\\1\end{pmatrix}"),
    (NIELSEN, r"\begin{pmatrix}x\\1\end{pmatrix}=\begin{pmatrix}x\\0\end{pmatrix}+e_3"),
    (NIELSEN, r"[w^2, b^2][x;0]=z^2"),
    (ARRAYS, r"[A\;x][x;1]=Ax-x"),
    (NIELSEN, r"x=(x_1,x_3,x_2)^T"),
    (NIELSEN, r"x=(x_1,x_2)^T"),
    (NIELSEN, r"(1,2)=(2,1)"),
    (NIELSEN, r"(1,2)=0"),
    (NIELSEN, r"x\cdot(1,2,3)=x_1+x_2+x_3"),
    (NIELSEN, r"\operatorname{mean}(x_1,x_2)=x_1"),
    (NIELSEN, r"\partial z^2_i/\partial b^2_j=\delta_{i,j+1}"),
    (NIELSEN, r"\partial z^2_i/\partial b^2_j=2I_{ij}"),
    (SOFTMAX, r"\frac{\partial a^2_i}{\partial z^2_j}=a^2_i(\delta_{i,j}-a^2_i)"),
    (NIELSEN, r"w^2_{12}=(w^2)_{1,4}"),
)  # fmt: skip

NOT_CORRECT = (
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{k+1}}={}^0\psi"),
    (AUGMENTED, r"\frac{\partial E}{\partial{}^0w^{n_7+1}}={}^0\psi"),
    (NIELSEN, r"e_5=0"),
    (NIELSEN, r"e_5=e_6"),
    (NIELSEN, r"e_1+e_2+e_3=\mathbf1"),
    (NIELSEN, r"\mathbf1=1"),
    (NIELSEN, r"I=1"),
    (NIELSEN, r"\mathbf1^T\mathbf1=3"),
)

NOT_INCORRECT = (
    (NIELSEN, r"\begin{pmatrix}I&0\end{pmatrix}\begin{pmatrix}x\\1\end{pmatrix}=x"),
    (NIELSEN, r"\partial z^2/\partial b^2_2=(I)_{2}"),
    (NIELSEN, r"\partial z^2_1/\partial b^2_2=I_{12}"),
    (NIELSEN, r"\sum_k(w^2)_{jk}x_k=(w^2x)_j"),
    (NIELSEN, r"x^Tx=(x_1,x_2,x_3)(x_1,x_2,x_3)^T"),
    (NIELSEN, r"(w^2, b^2)=(w^2, b^2)"),
    (CLASSES, r"\delta^2=a^2-\mathbf1_y"),
    (THIN, r"[w^2\;b^2]\begin{bmatrix}x\\1\end{bmatrix}=z^2"),
    (ARRAYS, r"\mathbf1=\sum_{i=1}^ne_i"),
    (ARRAYS, r"I=\sum_{i=1}^ne_ie_i^T"),
    ({"given": ["q=1"]}, r"[a\;b][x;y]=ax+by"),
)


def verdict(fields, formula):
    return answer(Question.of({"formula": formula, **fields})).verdict


def named(rows):
    return [formula for _, formula in rows]


@pytest.mark.parametrize(("fields", "formula"), RIGHT, ids=named(RIGHT))
def test_what_is_right_is_found_correct(fields, formula):
    assert verdict(fields, formula) == "correct"


@pytest.mark.parametrize(("fields", "formula"), WRONG, ids=named(WRONG))
def test_what_is_wrong_is_found_incorrect(fields, formula):
    assert verdict(fields, formula) == "incorrect"


@pytest.mark.parametrize(("fields", "formula"), NOT_CORRECT, ids=named(NOT_CORRECT))
def test_what_may_be_wrong_is_not_called_correct(fields, formula):
    assert verdict(fields, formula) != "correct"


@pytest.mark.parametrize(("fields", "formula"), NOT_INCORRECT, ids=named(NOT_INCORRECT))
def test_what_may_be_right_is_not_called_incorrect(fields, formula):
    assert verdict(fields, formula) != "incorrect"


# --- open sizes -----------------------------------------------------------------------------------------------------


def test_both_axes_of_an_identity_take_one_size():
    size = Open()
    assert joined((size, size), (3, 3)) == (3, 3)
    assert settled(size) == 3 and not fits(size, 2)
    other = Open()
    assert joined((other, other), (3, 2)) is None


def test_an_open_size_is_never_shorter_than_its_unit_vector():
    one, other = Open(2), Open(5)
    met(one, other)
    assert settled(one) is settled(other)
    with pytest.raises(Beyond, match="no entry 5 among 4"):
        met(one, 4)
    assert met(Open(5), 5) == 5


def test_a_list_turns_as_a_whole():
    down, along = list_axes(3)
    assert fits(down, 3) and fits(down, 1) and not fits(down, 2) and not fits(down, along)
    met(down, 1)
    assert (settled(down), settled(along)) == (1, 3)
    first, second = list_axes(2), list_axes(2)
    assert joined(first, second) is not None
    met(first[0], 2)
    assert [settled(one) for one in second] == [2, 1]
