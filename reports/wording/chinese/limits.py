"""The Chinese for what exact algebra and the arithmetic of balls do not do, or cannot decide."""

from __future__ import annotations

WORDS = r"""neither case has a value
    两种情形都没有值
a condition is 0: a kink
    条件恰为 0：位于折点
no finite value
    没有有限的值
{a} has no value
    {a} 没有值
a division by zero
    除以零
a division by what may be zero
    除数可能为零
an even root of a negative number
    对负数开偶次方
an even root of what is negative
    对负的量开偶次方
a root of what may be zero
    被开方的量可能为零
no ball for the function {a}
    函数 {a} 不支持球算术
a logarithm of what is not positive
    对非正的量取对数
a logarithm of what is negative
    对负的量取对数
a logarithm of what may be zero
    取对数的量可能为零
a logarithm or a root's power of 0
    对 0 取对数或开方
an arcsine of what is larger than 1
    对大于 1 的量取反正弦
the fractional exponents of the formula have no small common denominator
    公式中的分数指数没有较小的公分母
an exponent of the formula is too large
    公式中有一个指数太大
the exponents of the formula have too many terms
    公式中指数的项太多
the exponents of the formula have no common denominator
    公式中的指数没有公分母
the formula grows past {a} parts
    公式展开后超过 {a} 个部分
a number of more than {a} binary digits
    一个数超过 {a} 个二进制位
the formula has more than {a} independent parts
    公式中独立的部分超过 {a} 个
the formula has more than {a} parts
    公式超过 {a} 个部分
the formula has more than {a} exponentials
    公式中的指数函数超过 {a} 个
the polynomials of the formula grow too large
    公式中的多项式变得太大
a polynomial of the formula has more than {a} terms
    公式中的一个多项式超过 {a} 项
the coefficients of the formula grow too large
    公式中的系数变得太大
a power {a} of {b} terms is not written out
    不展开 {b} 项的 {a} 次幂
a power {a} is not written out
    不展开 {a} 次幂
a quotient is too large to be put in lowest terms
    一个商太大，无法约分到最简
0 has no sign
    0 没有正负
0 is assumed to be positive
    假设了 0 为正
what is negative is assumed to be positive
    假设了负的量为正
"""
