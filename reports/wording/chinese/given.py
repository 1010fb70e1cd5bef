"""The Chinese phrases of derivations from definitions and of second derivatives, and those that all reports share."""

from __future__ import annotations

SMALL = {
    ": ": "：",
    "; ": "；",
    ", ": "、",
    ". ": "。",
    " ({label})": "（{label}）",
    " ({source})": "（{source}）",
}  # phrases that begin or end with a space

PHRASES = """section {number}
    第 {number} 节
table {number}
    表 {number}
figure {number}
    图 {number}
Table
    表
Figure
    图
{line}.
    {line}。

# Derivations from definitions
The derivatives of {target}
    {target} 的导数
Derived step by step from its definitions.
    由定义出发，逐步推导。
What is given
    已知
Each line defines a quantity by those before it.
    每一行用前面的量定义一个新的量。
Here {note}.
    这里{note}。
Named here, so that they can be spoken of: {names}.
    为便于叙述，在此命名：{names}。
Sizes: {arrays}.
    大小：{arrays}。
Numbers: {numbers}.
    标量：{numbers}。
Sizes: {arrays}; numbers: {numbers}.
    大小：{arrays}；标量：{numbers}。
The derivation
    推导
{target} holds {quantity} itself, and through others: {sign} is the derivative by the place where it
stands itself, all else held.
    {target} 直接含有 {quantity}，也通过其他量含有它：{sign} 只对直接出现之处求导，其余各量保持不变。
The chain rule runs from {target} backwards, through each quantity once.
    链式法则从 {target} 开始往回走，每个量只经过一次。
By {quantity}
    对 {quantity} 求导
The derivatives
    导数
{target} does not depend on {letter}.
    {target} 与 {letter} 无关。
The result
    结果
entry by entry
    按分量写出
The numbers
    数值
by
    求导对象
shape
    形状
entries
    元素数
central differences
    中心差分
complex step
    复数步长
verdict
    结论
Nothing depends on what was asked for
    没有任何量依赖于所求的变量
The program below computes every derivative at an example; two other ways compute it from the definitions alone: central
differences, and the imaginary part of a complex step. Shown are the largest errors, relative to the largest entry.
    下面的程序在一个例子上算出每个导数；另外两种方法只由定义出发计算同样的导数：中心差分，以及复数步长法所得的虚部。
    表中列出最大的误差，相对于最大的元素。
The program
    程序
There is no program for this.
    这种情形没有程序。

# The reasons of steps
by definition
    按定义
given
    已知
a name for what is used again
    为再次用到的量命名
chain rule: one term for each quantity that it feeds
    链式法则：它所影响的每个量各有一项
only the terms that hold the variable stay
    只留下含有该变量的项
differentiate the activation and write the result in its own value
    对激活函数求导，并用函数值本身表示结果
the slope of the activation, at the value that the forward pass stored
    激活函数的斜率，取前向传播存下的值
substitute, and let the Kronecker deltas pick their terms
    代入，由克罗内克 δ 挑出相应的项
write it in the quantities that have a name
    用已命名的量来写
use what is given
    利用已知条件
put in the closed form and cancel
    代入封闭形式并约分
differentiate the equation along V: each quantity in it moves by its R
    沿 V 对方程求导：其中每个量按各自的 R 变化
what multiplies the direction is the second derivative
    与方向相乘的就是二阶导数

# Second derivatives
The second derivatives of {target}
    {target} 的二阶导数
Hessian times vector, step by step.
    黑塞矩阵乘向量，逐步推导。
The idea
    思路
Move the parameters along a direction V. Every quantity then moves too, and R of a quantity is its derivative by how far
the parameters have moved, at the start. R of a gradient is the Hessian times V. Each equation of the forward and of the
backward pass is differentiated once (Pearlmutter 1994).
    让参数沿方向 V 移动，每个量也随之变化。一个量的 R，是它对参数所移动的距离的导数，取在起点处。梯度的 R 就是黑塞矩
    阵乘 V。前向传播和反向传播的每个方程都求一次导（Pearlmutter 1994）。
The Hessian by the output's pre-activations:
    对输出层预激活值的黑塞矩阵：
There are no numbers for this.
    这种情形没有数值。
part by
    对应参数
differences of the gradient
    梯度的差分
derivative of the slope
    斜率的导数
"""
