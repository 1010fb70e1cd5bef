"""Chinese for words that come finished from elsewhere: names of losses, notes of the checks, labels in drawings."""

from __future__ import annotations

SIGNS = {
    " and ": " 和 ",
    "if ": "若 ",
    "otherwise": "其他",
    "for ": "对 ",
    "where ": "其中 ",
    "undefined": "无定义",
    "all ": "所有 ",
}

WORDS = """linear
    线性
step
    阶跃
is
    是
half squared error
    半平方误差
Half squared error
    半平方误差
squared error
    平方误差
Squared error
    平方误差
mean squared error
    均方误差
Mean squared error
    均方误差
mean absolute error
    平均绝对误差
Mean absolute error
    平均绝对误差
mean absolute percentage error
    平均绝对百分比误差
Mean absolute percentage error
    平均绝对百分比误差
mean squared logarithmic error
    均方对数误差
Mean squared logarithmic error
    均方对数误差
log-cosh
    对数双曲余弦
Log-cosh
    对数双曲余弦
binary cross-entropy
    二元交叉熵
Binary cross-entropy
    二元交叉熵
cross-entropy
    交叉熵
Cross-entropy
    交叉熵
negative log-likelihood
    负对数似然
Negative log-likelihood
    负对数似然
Kullback–Leibler divergence
    KL 散度
cosine proximity
    余弦相似度
Cosine proximity
    余弦相似度
hinge
    合页损失
Hinge
    合页损失
bias separate
    偏置单独列出
bias appended
    偏置并入权重
bias none
    无偏置

# Networks and their checks
{name} is defined only for outputs {domain}; a {last} output can leave that, and there the loss and its gradient are
undefined
    {name}只对{domain}的输出有定义；{last} 输出可能超出这一范围，那里的损失及其梯度没有定义
above {low} and below {high}
    大于 {low} 且小于 {high}
above {low}
    大于 {low}
below {high}
    小于 {high}
no derivative, the value jumps from {low} to {high}
    导数不存在，函数值从 {low} 跳到 {high}
no derivative, the one-sided derivatives are {low} and {high}
    导数不存在，两个单侧导数分别为 {low} 和 {high}
Float64 cannot hold the loss here, so that only the balls can check the gradients
    这里的损失超出了双精度浮点数的范围，梯度只能用球算术来检验
{steps} steps by {rules} rules, each rechecked for every size
    共 {steps} 步，用到 {rules} 条规则，每一步都对任意大小重新检验
{steps} steps by 1 rule, each rechecked for every size
    共 {steps} 步，用到 1 条规则，每一步都对任意大小重新检验
1 step by 1 rule, each rechecked for every size
    共 1 步，用到 1 条规则，对任意大小重新检验
{steps} steps, each rechecked for every width
    共 {steps} 步，每一步都对任意宽度重新检验
index form, matrix form and entries agree in {entries} entries at {count} sets of sizes
    分量形式、矩阵形式与逐个元素的形式在 {count} 组大小、{entries} 个元素上一致
index form, matrix form and entries agree in {entries} entries at 1 set of sizes
    分量形式、矩阵形式与逐个元素的形式在 1 组大小、{entries} 个元素上一致
index form, matrix form and entries agree in 1 entry at {count} sets of sizes
    分量形式、矩阵形式与逐个元素的形式在 {count} 组大小、1 个元素上一致
index form, matrix form and entries agree in 1 entry at 1 set of sizes
    分量形式、矩阵形式与逐个元素的形式在 1 组大小、1 个元素上一致
{right} of {count} gradients are right at the example with {sizes}
    在 {sizes} 的例子上，{count} 个梯度中有 {right} 个正确
{right} of {count} gradients are right at the example
    在例子上，{count} 个梯度中有 {right} 个正确
{right} of {count} entries of the product are right at the example point
    在示例点上，乘积的 {count} 个元素中有 {right} 个正确
no numbers: {why}
    没有数值：{why}
{names}: defined, but {target} does not rest on it
    定义了 {names}，但 {target} 不依赖于它
{names}: defined, but {target} does not rest on them
    定义了 {names}，但 {target} 不依赖于它们
{loss} = {function}, of which nothing is known, stands behind {array}
    {array} 之后是 {loss} = {function}，除此之外一无所知
right
    正确
WRONG
    错误
a number
    标量
below rounding
    低于舍入误差

# Training
gradient descent
    梯度下降法
gradient descent with momentum
    带动量的梯度下降法
Nesterov’s accelerated gradient
    Nesterov 加速梯度法
uniform
    均匀
normal
    正态
scikit-learn’s digits
    scikit-learn 手写数字
scikit-learn's digits
    scikit-learn 手写数字
no epoch was finished
    没有完成任何一轮
loss {loss} on the samples held out after {epochs}
    经过 {epochs}，留出样本的损失为 {loss}
loss {loss} after {epochs}
    经过 {epochs}，损失为 {loss}
{right} of {count} held-out samples right, {share} (best: {best} after {then}), after {epochs}
    经过 {epochs}，{count} 个留出样本中有 {right} 个正确，占 {share}（最好的一次是 {then}之后的 {best} 个）
{right} of {count} held-out samples right, {share}, after {epochs}
    经过 {epochs}，{count} 个留出样本中有 {right} 个正确，占 {share}
1 epoch
    1 轮
{count} epochs
    {count} 轮

# Labels in drawings
target
    目标值
input
    输入
output
    输出
step size h
    步长 h
relative error
    相对误差
the step used
    所用步长
learned from
    训练样本
held out
    留出样本
right, %
    正确率（%）
prediction
    预测值
slope
    斜率
thousands
    千
millions
    百万
passes
    遍数
plain
    普通
momentum
    动量

# Raw heads of tables
change of w₁
    w₁ 的变化
change of O by change of w₁
    O 的变化与 w₁ 的变化之比
block
    模块
value, upwards
    值（向上）
local derivative
    局部导数
its value, downwards
    其值（向下）
"""
