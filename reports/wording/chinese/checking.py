"""The Chinese phrases of a report about a document's formulas, and what the checker says about a mistake."""

from __future__ import annotations

PHRASES = """Formulas, checked
    公式检验
✓ correct, × incorrect, ? without a verdict; definitions and what was skipped bear no sign
    ✓ 正确，× 错误，? 无法判定；定义和跳过的式子没有记号
about the network
    关于网络
in the prose
    见正文
{count} definition
    {count} 个定义
{count} definitions
    {count} 个定义
{count} claim
    {count} 个论断
{count} claims
    {count} 个论断
{count} correct
    {count} 个正确
{count} incorrect
    {count} 个错误
{count} undecided
    {count} 个无法判定
{count} unreadable
    {count} 个无法读懂
and {count} more equations, which only the table in the terminal shows
    另有 {count} 个等式，只在终端的表中列出
Line {line}: {message}.
    第 {line} 行：{message}。
line {line}
    第 {line} 行
There is no equation in this document.
    此文档中没有等式。
mended
    改正后
"""

WORDS = """correct
    正确
incorrect
    错误
undecided
    无法判定
unreadable
    无法读懂
definition
    定义
claim
    论断
assumption
    假设
comment
    注释
recursion
    递推
skipped
    跳过
{a}: correct
    {a}：正确
{a}: incorrect
    {a}：错误
{a}: undecided
    {a}：无法判定

# Kinds of mistakes
sign
    符号
factor
    因子
transpose
    转置
order
    次序
product kind
    乘法种类
index
    下标
layer
    层号
missing term
    缺项
missing sum
    缺少求和
missing derivative
    缺少导数
extra derivative
    多余的导数
derivative argument
    导数的取值处
wrong function
    函数
shape
    形状
target sign
    作差方向
other
    其他

# What is wrong
the difference is the wrong way round: {a} instead of {b}
    差写反了：应为 {a}，而不是 {b}
the product is one of matrices, not entry by entry
    这里应是矩阵乘法，不是逐元素相乘
{a} and {b} are multiplied entry by entry (⊙), not as matrices
    {a} 与 {b} 应逐元素相乘（⊙），不是矩阵乘法
the sign is wrong
    符号错了
the term {a} has the wrong sign
    项 {a} 的符号错了
the sign of the whole is wrong
    整体的符号错了
{a} need not be symmetric, since nothing says so: {b}
    没有说明 {a} 是对称的，因此不能当作对称：{b}
a factor {a} is missing in this part
    这一部分缺少因子 {a}
a factor {a} is missing
    缺少因子 {a}
the factor {a} is missing
    缺少因子 {a}
the factor {a} does not belong here
    因子 {a} 不应出现在这里
the power of {a} does not belong here
    {a} 的幂不应出现在这里
the division by {a} does not belong here
    这里不应除以 {a}
the division by {a} is missing
    缺少除以 {a}
the term {a} does not belong here
    项 {a} 不应出现在这里
{a} must be transposed
    {a} 应当转置
the whole must be transposed
    整体应当转置
the factors stand in the wrong order: {a}
    因子的次序错了：{a}
{a} must be squared
    {a} 应当平方
this needs a square root: {a}
    这里需要开平方：{a}
the indices {a} and {b} are exchanged
    下标 {a} 与 {b} 颠倒了
the indices stand in the wrong order
    下标的次序错了
the indices stand in the wrong order: {a} instead of {b}
    下标的次序错了：应为 {a}，而不是 {b}
the index {a} must be {b}
    下标 {a} 应为 {b}
the index {a} must be {b}: {c} instead of {d}
    下标 {a} 应为 {b}：应写 {c}，而不是 {d}
the layer is wrong: {a} instead of {b}
    层号错了：应为 {a}，而不是 {b}
this sum does not belong here
    这个求和不应出现在这里
the sum over {a} is missing
    缺少对 {a} 的求和
the derivative of the activation function is missing: {a}
    缺少激活函数的导数：{a}
{a} is not the derivative of the activation function: {b}
    {a} 不是激活函数的导数：{b}
the derivative is taken at the wrong place: {a} instead of {b}
    导数的取值处错了：应为 {a}，而不是 {b}
{a} must not be differentiated
    {a} 不应求导
the derivative is missing: {a} instead of {b}
    缺少求导：应为 {a}，而不是 {b}
the 1 belongs there only where {a} = {b}: {c}
    只有当 {a} = {b} 时那里才是 1：{c}
the paths through the other neurons are missing: {a}
    缺少经过其他神经元的路径：{a}
{a} belongs here, not {b}
    这里应为 {a}，而不是 {b}
the path {a} is missing
    缺少路径 {a}
the path from ${a}$ through ${b}$ is left out
    漏掉了从 ${a}$ 经过 ${b}$ 的路径
${a}$ stands in ${b}$ more than once, and one of these places is left out
    ${a}$ 在 ${b}$ 中不止出现一次，漏掉了其中一处
every entry of ${a}$ depends on every entry of ${b}$; only its own is counted
    ${a}$ 的每个分量都依赖于 ${b}$ 的每个分量；这里只算了对应的那一个
the derivative of ${a}$ by ${b}$ is left out
    漏掉了 ${a}$ 对 ${b}$ 的导数
this is the function itself, not its derivative
    这是函数本身，不是它的导数
a term is missing: ${a}$
    缺少一项：${a}$
a term is missing
    缺少一项
this holds only under a condition that was not assumed: ${a}$
    这只在一个未作假设的条件下成立：${a}$
it is ${a}$
    应为 ${a}$
the two sides are not equal
    两边不相等
the right side is not this derivative, which is ${a}$
    右边不是这个导数；这个导数是 ${a}$
the index {a} stands on the right side alone
    下标 {a} 只出现在右边
neither a proof nor a counter-example was found
    既没有找到证明，也没有找到反例
{a} stands within a sum and outside: how far does the sum reach?
    {a} 既在求和之内又在求和之外：求和的范围到哪里为止？
several groupings of the products fit, and disagree
    乘积有几种结合方式都说得通，而结果不一致
a side divides by zero
    有一边除以零
left {a}, right {b}
    左边 {a}，右边 {b}
"""
