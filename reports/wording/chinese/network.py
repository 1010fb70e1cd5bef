"""The Chinese sentences of a chapter about a network: the network itself, the forward pass, the result."""

from __future__ import annotations

SMALL = {
    "and": " 和 ",
    "comma": "、",
    "clause": "，",
    "semicolon": "；",
    "from": "；根据 ",
    "and-number": "、",
    "in-brackets": " {ref}",
    "trace": "（见{figure} 中着色的路径）",
    "trace-one": "（见{figure} 中着色的路径）",
    "result-last": "，{last} 表示最后的编号",
    "code-cut-line": "    # … 中间各层与此相同，共 {count} 行 …",
}  # words that begin or end with a space

SENTENCES = """layer: 第 {number} 层
layers: 第 {list} 层
layers-range: 第 {first} 至 {last} 层
each: 各为 {shape}

# The title
title: {widths} 网络中的反向传播
title-deep: {count} 个权重层的网络中的反向传播
description: 损失函数的每一个导数：逐步推导，逐步证明，逐一检验
fact-steps: 共 {steps} 步，每一步都经过复核 · 分量形式、矩阵形式与逐个元素的形式在 {entries} 个元素上相互比对
fact-checked: {entries} 个梯度（对参数和对输入）· 每个梯度至少有 {digits} 位数字经过证明
fact-kinks: 在所选的点上，有些梯度不存在导数；详见{section}
fact-failed: **有一项检验未通过**；详见{section}

# 1 The network
network: 网络
straight: 该网络由{inputs}直接得到{outputs}，中间没有其他层。
through: 该网络的{inputs}经过{hidden}得到{outputs}。
hidden-one: 一个有{neurons}的隐藏层
hidden-some: {count} 个隐藏层（神经元数依次为 {neurons}）
hidden-many: {count} 个隐藏层
hidden-same: {count} 个隐藏层（每层{neurons}）
number-from: 输入记作第 {first} 层，输出记作第 {last} 层。
bias-only: 通向{layers}的连接没有权重：每个神经元只接收前一层中与它对应的那个神经元的值，再加上一个偏置，
    因此这两层的神经元一样多。
activation-all: 除输入外，每个神经元都让加权和通过同一个激活函数：{name}。
activation-one: 加权和再通过一个激活函数：{name}。
activation-by-layer: 激活函数为：{list}。
activation-in: {name}（{layers}）
activation-some: 用到的激活函数有 {names}；各层用哪一个，见第 2 节。
bias-none: 所有神经元都没有偏置。
bias-appended: 偏置不单独列出：在每一层的输入末尾补上一个 1，权重矩阵的最后一列与它相乘，就是偏置。
bias-separate: 输入层以外的每个神经元都有自己的偏置。
bias-one: 输出再加上一个偏置。
bias-too: {layers}的神经元也各加一个偏置。
bias-mixed: 单独列出偏置的是{separate}。
bias-mixed-appended: 在{appended}，输入的末尾补上一个 1，权重矩阵的最后一列与它相乘，就是偏置。
bias-mixed-none: {none}的神经元没有偏置。
loss: 损失函数 {loss}（{title}）用一个数说明输出 {output} 与目标值 {target} 相差多远。
parameters: 共有{list}，合计 {total} 个参数；我们想知道，其中每一个稍有变化时，损失会怎样变化。
parameter: 只有一个参数，即{list}；我们想知道，它稍有变化时，损失会怎样变化。
see-figure: {figure} 标出了每个量所在的位置，{table} 列出了所有的量。
figure-network: 网络。每个神经元中写着它的加权和 {z} 以及它送出的值 {a}。
figure-traced: 网络。每个神经元中写着它的加权和 {z} 以及它送出的值 {a}。着色的连接是 {neuron} 影响损失的各条路径。
figure-traced-one: 网络。每个神经元中写着它的加权和 {z} 以及它送出的值 {a}。着色的连接是 {neuron} 影响损失的路径。
figure-alternative: 从左到右画出的网络，各层的神经元数为 {widths}，最后是损失和目标值。
figure-whole: 所有神经元均已画出。
figure-fewer-neurons: 有省略：过宽的层只画出前两个和最后一个神经元。
figure-fewer-layers: 有省略：只画出前三层和最后两层。
indices-below: 权重的下标要倒过来读：{entry} *通向*本层的神经元 {to}，*来自*前一层的神经元 {by}。
indices-corners: 权重的下标说明它通向哪里，上标说明它来自哪里：{entry} *通向*下一层的神经元 {to}，*来自*本层的神经
    元 {by}。
shifted: 权重与加权和采用其来源层的编号：{z} 是第 {next} 层神经元的加权和。
widths: {here} 是第 {layer} 层的神经元数，{last} 是输出的个数。
widths-last: {last} 是输出的个数。
conventions: 向量都是列向量；对向量或矩阵求导，所得的形状与该向量或矩阵相同。
table-symbols: 符号
table-symbols-general: 符号（以第 {layer} 层为例）
table-symbols-shifted: 符号；通向该层的权重编号为 {layer}
column-symbol: 符号
column-meaning: 含义
column-shape: 形状
column-here: 此处
role-x: 输入
role-W: 通向该层的权重；{entry} 来自 {by}，通向 {to}
role-stacked-W: 权重，最后一列是偏置
role-stacked-a: 进入该层的值，末尾补上 1
role-b: 该层的偏置
role-b-appended: 该层的偏置，即权重矩阵的最后一列
role-z: 预激活值：神经元的加权和
role-a: 激活值：神经元送出的值
role-delta: 误差信号 {definition}：损失随加权和的变化率
role-g: {definition}，因为不止一次用到
role-y: 目标值：输出应当取的值
role-E: 损失，一个数
role-constant: 激活函数的常数，不参与学习
number: 数
formula: {box}
rule: {reason}

# 2 The forward pass
forward: 前向传播
forward-intro: 数值从输入流向损失。每个神经元先算出**预激活值** {z}，再送出**激活值** {a}。
forward-function: 激活函数的完整写法是
forward-functions: 各激活函数的完整写法是
why-function: {name} 函数
forward-first: 在{layer}，神经元 {j} 对前一层各神经元 {k} 送来的值加权求和：
forward-first-bias: 在{layer}，神经元 {j} 对前一层各神经元 {k} 送来的值加权求和，再加上自己的偏置：
forward-bias-only: 在{layer}，神经元 {j} 在前一层神经元 {j} 送来的值上加上自己的偏置：
forward-same: 在{layer}，对{before}送出的值做同样的运算：
forward-run: {layers}重复{first}的运算，只是权重不同；以 {l} 表示层的编号：
forward-run-shifted: {layers}重复{first}的运算，只是权重不同；以 {l} 表示权重的编号：
why-sum: 加权和
why-sum-bias: 加权和，再加偏置
why-bias-only: 输入的值，再加偏置
why-activation: 逐个神经元作用激活函数
why-softmax: e 的每个幂除以所有这些幂的总和：都为正，且总和为 1
why-identity: 激活函数是线性的：不作任何改变
why-scaled: 激活函数是线性的：只乘一个常数
forward-matrix: 对该层的所有神经元一并写出：
forward-matrix-appended: 对该层的所有神经元一并写出；输入末尾的 1 与偏置所在的列相乘：
why-matrix-forward: 矩阵形式
forward-loss: 最后，损失函数把输出与目标值作比较：
why-loss: {title}
forward-loss-matrix: 矩阵形式
forward-fact: 目标值是各类别的概率，因而总和为 1；如果只有一个正确的类别，它的目标值为 1，其余为 0。这一点后面会用到
    一次：
forward-fact-unused: 目标值是各类别的概率，因而总和为 1：
why-fact: 这种损失函数的前提
forward-function-besides: {known} 无需写出公式。另一个激活函数的完整写法是
forward-functions-besides: {known} 无需写出公式。其余激活函数的完整写法是

# 4 The result
result: 结果
result-intro-general: 所有的层形式相同。用 {l} 表示任意一层的编号{last}，以上的全部推导归结为：
result-intro-general-shifted: 所有的层形式相同。用 {l} 表示任意一组权重的编号{last}，以上的全部推导归结为：
result-intro-mixed-shifted: 以上的全部推导归结为下面的式子；若干层形式相同时，以 {l} 表示其权重的编号：
result-intro-own: 从损失往回，以上的全部推导归结为：
result-intro-mixed: 以上的全部推导归结为下面的式子；若干层形式相同时，以 {l} 表示其中任意一层的编号：
box-four: 反向传播的四个方程
box-bp: 该网络的反向传播方程
bp-names: **BP1** 至 **BP4** 是反向传播的四个方程，编号与 Nielsen 所著《神经网络与深度学习》第 2 章相同；
    BP1 是输出层的误差信号，其具体形式取决于损失函数和最后一层的激活函数。
why-box-last: 输出层的误差信号
why-box-delta: 误差信号，往回传一层
why-box-g: 对激活值的导数
why-box-b: 对偏置的梯度
why-box-W: 对权重的梯度
why-box-stacked: 对权重与偏置的梯度
why-box-x: 对输入的梯度
for-layers: {words}，{layers}
read-box: 用文字来说：从输出层的误差信号开始。每往回一层，先乘以转置的权重矩阵，再逐行乘以激活函数的斜率。
    偏置的梯度就是所在神经元的误差信号；权重的梯度等于它所通向的神经元的误差信号，乘以它所来自的神经元的激活值。
read-box-own: 用文字来说：从输出层的误差信号开始，按上面的方程逐层往回，沿途读出各个梯度。轮到每个式子时，
    右边的量都已经知道。
shapes-turned: {figure} 把一次前向和反向传播画了出来，每个矩阵都按它的形状画成矩形。两个因子相接的边一样长，才能相乘：
    往回传时，{w} 只有转置之后才对得上。而每个梯度的形状，都与它所对的那个量相同。
shapes-told: {figure} 把一次前向和反向传播画了出来，每个矩阵都按它的形状画成矩形。两个因子相接的边一样长，才能相乘；
    每个梯度的形状，都与它所对的那个量相同。
figure-shapes: 一次前向和反向传播，每个矩阵按它的形状画出；边长与行数、列数成正比。
figure-shapes-roots: 一次前向和反向传播，每个矩阵按它的形状画出；边长与行数、列数的平方根成正比。
shapes-some: 权重层中画出最前三层和最后两层。
figure-shapes-alternative: 共 {rows} 行矩阵等式，先前向，后反向；每个因子是一个矩形，上方是它的字母，下方是它的行数
    和列数。
cost: 对每个权重，前向传播做一次乘法，反向传播做两次：一次用来往回传，一次用来求梯度。因此不论有多少参数，
    反向传播的代价大约是前向传播的两倍。
"""
