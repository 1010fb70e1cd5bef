"""Readers of what is printed, in nielsen's letters, that share no code with the printers: text to a number or an array.

`Reader` takes scalars in LaTeX or plain text, `MatrixReader` matrix forms; `evaluate` says what was meant.
"""

import math
import random
import re
from fractions import Fraction as Q

import numpy as np
from sympy import Abs, Add, E, Expr, Indexed, KroneckerDelta, Mul, Pow, Sum

from derive.symbols import Index, Width


def slope(u):
    """A stand-in for σ′: any function will do, as long as both sides use it."""
    return np.cos(u) + 2


FUNCTIONS = {"log": math.log, "exp": math.exp, "tanh": math.tanh, "cosh": math.cosh, "sign": np.sign}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ⱼₖᵢₘ", "0123456789jkim", strict=True))
TOKEN = re.compile(r"\\[A-Za-z]+|\\,|\d+(?:\.\d+)?|[A-Za-z]+|[δσγ]|\S")
STOPS = ("", "+", "-", "·", r"\cdot", "/", ")", "}", "⟩", ",", "⊙", "⊘", "⟫")
WIDTH = 3


def latex_tokens(text):
    for bar, plainer in ((r"\left|", "⟨"), (r"\right|", "⟩"), (r"\lvert", "⟨"), (r"\rvert", "⟩")):
        text = text.replace(bar, plainer)
    text = re.sub(r"\\(left|right)(?![a-z])", "", text)
    return TOKEN.findall(text.replace(r"\tfrac", r"\frac").replace(r"\,", " ").replace(r"\delta", "δ"))


def plain_tokens(text):
    text = re.sub(f"[{''.join(RAISED)}]+", lambda m: "^{" + "".join(RAISED[c] for c in m[0]) + "}", text)
    text = re.sub(f"[{''.join(LOWERED)}]+", lambda m: "_{" + "".join(LOWERED[c] for c in m[0]) + "}", text)
    text = re.sub(r"_\((\w+)\)", r"_{\1}", text)
    for sign, plainer in (("−", "-"), ("Σ", r"\sum "), ("√", r"\sqrt"), ("½", "(1/2)"), ("⅓", "(1/3)")):
        text = text.replace(sign, plainer)
    text = bars(text)
    vulgar = {"⅔": "(2/3)", "¼": "(1/4)", "¾": "(3/4)", "⅕": "(1/5)", "⅙": "(1/6)", "⅛": "(1/8)"}
    return TOKEN.findall("".join(vulgar.get(one, one) for one in text))


def bars(text):
    """|…| told apart: a bar opens after a space, a sign or an opening bracket."""
    found = ""
    for one in text:
        opens = one == "|" and (not found or found[-1] in " -(⟨/")
        found += ("⟨" if opens else "⟩") if one == "|" else one
    return found


class Reader:
    """Recursive descent; the value is computed on the way.  Raises ValueError at what it does not know."""

    def __init__(self, tokens, value):
        self.tokens, self.at, self.value, self.index = tokens, 0, value, {}

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.peek()
        if wanted is not None and token != wanted:
            raise ValueError(f"expected {wanted!r}, found {token!r} in {' '.join(self.tokens)}")
        self.at += 1
        return token

    def read(self):
        result = self.sum()
        if self.peek():
            raise ValueError(f"{self.peek()!r} is left over in {' '.join(self.tokens)}")
        return result

    def sum(self):
        minus = self.peek() == "-" and bool(self.take())
        result = -self.term() if minus else self.term()
        while self.peek() in ("+", "-"):
            result = result + self.term() if self.take() == "+" else result - self.term()
        return result

    def term(self):
        result = self.quotient()
        while self.peek() in ("·", r"\cdot"):
            self.take()
            result = self.times(result, self.quotient())
        return result

    def quotient(self):
        result = self.product()
        if self.peek() == "/":
            self.take()
            result /= self.product()
        return result

    def product(self):
        result = self.power()
        while self.peek() not in STOPS:
            result = self.times(result, self.power())
        return result

    def times(self, left, right):
        return left * right

    def power(self):
        base = self.atom()
        if self.peek() == "^":
            self.take()
            return base ** self.group()
        return base

    def group(self):
        close = {"{": "}", "(": ")"}[self.take()]
        result = self.sum()
        self.take(close)
        return result

    def atom(self):
        token = self.take()
        if token in ("(", "⟨"):
            result = self.sum()
            self.take(")" if token == "(" else "⟩")
            return result if token == "(" else abs(result)
        if token == r"\frac":
            above, below = self.group(), self.group()
            return above / below
        if token == r"\sqrt":
            return math.sqrt(self.group() if self.peek() in ("{", "(") else self.atom())
        if token == r"\sum":
            return self.series()
        if token[0].isdigit():
            return float(token)
        if token.lstrip("\\") in FUNCTIONS:
            self.take("(")
            result = FUNCTIONS[token.lstrip("\\")](self.sum())
            self.take(")")
            return result
        return math.e if token == "e" else self.entry(token)

    def series(self):
        self.take("_")
        (letter,) = self.scripts()
        start, result = self.at, 0.0
        for number in range(1, WIDTH + 1):
            self.at, outer = start, self.index.get(letter)
            self.index[letter] = number
            result += self.term()
            self.index[letter] = outer
        return result

    def scripts(self):
        self.take("{")
        found = []
        while self.peek() != "}":
            token = self.take()
            found += token if token.isalpha() else [token] if token != "," else []
        self.take("}")
        return found

    def entry(self, letter):
        layer = 0
        if letter != "y":
            self.take("^")
            (layer,) = self.scripts()
        self.take("_")
        indices = []
        for one in self.scripts():
            indices += [self.index[one]] if one.isalpha() else [int(digit) for digit in one]
        return self.value(letter, int(layer), tuple(indices))


LETTERS = {"W": "w", "b": "b", "a": "a", "x": "a", "z": "z", "delta": "δ", "g": "γ", "y": "y"}


def evaluate(expression: Expr, value, index):
    """The number that a SymPy expression stands for, without SymPy's own arithmetic."""
    if expression.is_Rational:
        return float(Q(int(expression.p), int(expression.q)))
    if expression == E:
        return math.e
    if isinstance(expression, Index | Width):
        return index[expression] if isinstance(expression, Index) else WIDTH
    if isinstance(expression, KroneckerDelta):
        return float(index[expression.args[0]] == index[expression.args[1]])
    if isinstance(expression, Indexed):
        array = expression.base
        indices = tuple(index[one] if isinstance(one, Index) else int(one) for one in expression.indices)
        return value(LETTERS[array.role], 0 if array.role == "y" else array.layer + 1, indices)
    if isinstance(expression, Sum):
        bound = expression.limits[0][0]
        return math.fsum(evaluate(expression.function, value, {**index, bound: n}) for n in range(1, WIDTH + 1))
    parts = [evaluate(part, value, index) for part in expression.args]
    rule = {Add: math.fsum, Mul: math.prod, Pow: lambda p: p[0] ** p[1], Abs: lambda p: abs(p[0])}
    if type(expression) in rule:
        return rule[type(expression)](parts)
    name = type(expression).__name__
    return slope(parts[0]) if name == "sigmoid_prime" else FUNCTIONS[name](*parts)


def positive_values(seed):
    """A value between ½ and 2 for every entry, the same each time it is asked for."""

    def value(letter, layer, indices):
        return 0.5 + 1.5 * random.Random(f"{seed} {letter} {layer} {indices}").random()

    return value


ENTRYWISE = {"log": np.log, "exp": np.exp, "tanh": np.tanh, "sign": np.sign, "σ′": slope}


class MatrixReader(Reader):
    """The same grammar over columns and matrices, with ⊙, ⊘, ᵀ and ‖·‖."""

    def term(self):
        result = super().term()
        while self.peek() in ("⊙", "⊘"):
            sign, right = self.take(), super().term()
            if np.shape(result) != np.shape(right):
                raise ValueError(f"{np.shape(result)} {sign} {np.shape(right)} in {' '.join(self.tokens)}")
            result = result * right if sign == "⊙" else result / right
        return result

    def times(self, left, right):
        if np.ndim(left) and np.ndim(right):
            product = left @ right
            return float(product[0, 0]) if product.shape == (1, 1) else product
        return left * right

    def power(self):
        base = self.atom()
        if self.peek() == "ᵀ":
            self.take()
            return base.T if np.ndim(base) else np.ones((1, WIDTH))
        if self.peek() == "^":
            self.take()
            return base ** self.group()
        return base

    def atom(self):
        token = self.peek()
        if token == "⟪":
            self.take()
            inner = self.sum()
            self.take("⟫")
            return float(np.linalg.norm(inner))
        if token in ("log", "exp", "tanh", "sign", "σ"):
            name = self.take() + (self.take("′") if token == "σ" else "")
            self.take("(")
            result = ENTRYWISE[name](self.sum())
            self.take(")")
            return result
        if token == "n":
            self.take()
            return float(WIDTH)
        return super().atom()

    def entry(self, letter):
        layer = 0
        if letter != "y":
            self.take("^")
            (layer,) = self.scripts()
        return whole(letter, int(layer), self.value)


def whole(letter, layer, value):
    """The array of a letter: a matrix for w, else a column."""
    rows = range(1, WIDTH + 1)
    if letter == "w":
        return np.array([[value(letter, layer, (j, k)) for k in rows] for j in rows])
    return np.array([[value(letter, layer, (j,))] for j in rows])


def matrix_tokens(text):
    norms = iter("⟪⟫" * text.count("‖"))
    return plain_tokens("".join(next(norms) if one == "‖" else one for one in text))
