"""The Chinese sentences of summaries on a page, of every entry and every step, and of exercise sheets."""

from __future__ import annotations

SENTENCES = """# A summary
brief-description: 一页纸的结果：每个方程都经过证明，每个梯度都经过检验
brief-column-name: 名称
brief-column-index: 分量形式
brief-column-matrix: 矩阵形式
brief-column-shapes: 形状
brief-caption: 各个梯度，从损失往回
brief-caption-general: 各个梯度，从损失往回；{l} 表示任意一层的编号{last}
brief-left-out: 中间各层还有 {count} 个方程，从略；`--detail standard` 会完整推导同样的各类方程。
brief-proof: 共 {steps} 步，用到{rules}，每一步都由一个与推导没有共用代码的程序对任意宽度重新检验。
brief-views: 分量形式、矩阵形式与逐项写开的元素在 {entries} 个元素上一致。
brief-numbers: 全部 {entries} 个梯度（对参数和对输入）在一个随机点上与有限差分相符，并且在那里至少有 {digits} 位数字
    经过证明。
brief-kinks: 在所选的点上，{entries} 个梯度中有些不存在导数，因为有神经元位于折点；`--detail standard` 会指出是哪些。
brief-failed: 有一项检验未通过：{arrays} 是错误的。

# Every entry, every step
every-entries: 所有元素
every-entries-intro: 按该网络的宽度，把每个求和都逐项写开。先是前向传播，然后从损失往回是误差信号和梯度：
    共 {count} 个等式。
every-forward: 前向传播
every-backward: 反向传播
every-slopes: {layer}的斜率，由前向传播存下的值表示：
every-steps: 所有步骤
every-steps-intro: 推导与复核的原样，用分量形式，对任意宽度成立：共 {count} 步。每一步都注明所用的规则以及所依据的步
    骤；没有注明步骤的，只依据定义。
every-step: 第 {number} 步，{rule}：{reason}
every-step-said: 第 {number} 步，{reason}
every-known: 第 {number} 步，已知的函数
every-from: ，根据 {steps}
every-too-large: --detail full 最多写出 {steps} 步、{most} 项，而该网络有 {count} 步、{terms} 项：
    请用 --detail standard，或减少神经元和层数

# Exercise sheets
sheet-exercises: 练习：{widths} 网络中的反向传播
sheet-exercises-deep: 练习：{count} 个权重层的网络中的反向传播
sheet-exercises-description: 每个空都有编号，答案的编号与之相同
sheet-solutions: 答案：{widths} 网络中的反向传播
sheet-solutions-deep: 答案：{count} 个权重层的网络中的反向传播
sheet-solutions-description: 填好所有空的练习
sheet-gap: ({number})
sheet-right: ({number}) 右边
sheet-right-why: ({number}) 右边；{reason}
sheet-given: 已知
sheet-forward: 前向传播：
sheet-of-layer: {layer}
sheet-function: 激活函数
sheet-loss: 损失函数
sheet-fact: 目标值满足 {fact}。
sheet-shapes: 形状
sheet-shapes-intro: 每个数组各有多少行、多少列？向量是列向量，梯度的形状与求导变量的形状相同。
sheet-array: 数组
sheet-shape: 行 × 列
sheet-count: 该网络一共有多少个参数？{count}
sheet-steps: 推导
sheet-steps-intro: 填写等式的右边和理由。每一行都由它上面的各行得出。
sheet-by-a: 对{layer}的激活值求导。
sheet-by-z: 对{layer}的预激活值求导：误差信号。
sheet-by-W: 对{layer}的权重求导。
sheet-by-b: 对{layer}的偏置求导。
sheet-equations: 矩阵形式的结果
sheet-equations-intro: 用矩阵和向量写出每个式子的右边。
sheet-equations-shapes: 给出形状的地方，形状必须相容。
sheet-numbers: 数值
sheet-numbers-same: 前向和反向各算一遍，取 {digits} 位有效数字。
sheet-numbers-small: 取一个同类的较小的网络 {widths}，前向和反向各算一遍，取 {digits} 位有效数字。
sheet-numbers-dead: 只有一个神经元的 softmax 层，不论输入是什么，输出总是 1，因此所有梯度都为 0。请改取一个同类的、该层
    有两个神经元的网络 {widths}，前向和反向各算一遍，取 {digits} 位有效数字。
sheet-numbers-zeros: 精确的数值不必补足位数。
sheet-quantity: 量
sheet-value: 值
sheet-mistakes: 找出错误
sheet-mistakes-intro: 填完前面各节之后再做本节：有错误的公式也会透露前面所问的大部分内容。
    下列每个公式恰有一处错误。说明错在哪里，并加以改正。
sheet-mistake: 公式 {number}
sheet-what: 错在哪里？{answer}
sheet-mended: 应当是

# Mistakes
mistake-transpose: 缺少转置：往回传时，要对权重所通向的神经元（即它的第一个下标）求和。
mistake-missing-derivative: 缺少激活函数的斜率：链式法则要经过它。
mistake-target-sign: 差的方向反了：损失的导数是输出减去目标值。
mistake-index: 下标的次序错了：权重来自第二个下标，通向第一个下标。
mistake-missing-sum: 缺少求和：该神经元通过下一层的每一个神经元影响损失。
mistake-layer: 出现了层号错误的量。
mistake-product-kind: 乘法的种类错了：把逐元素相乘写成了矩阵乘法，或者相反。
mistake-factor: 常数因子错了。
mistake-sign: 整体的符号错了。
"""
