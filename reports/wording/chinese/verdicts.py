"""The Chinese for why there is no verdict, for how a formula was read, and for what an error means to the checker."""

from __future__ import annotations

WORDS = r"""a number
    标量
{a} do not fit in {b}
    {a} 的形状不相容，不能作{b}
{a} does not fit in {b}
    {a} 的形状不合，不能作{b}
the shapes do not fit in {c}
    形状不相容，不能作{c}
{a} and {b} do not fit in {c}
    {a} 与 {b} 的形状不相容，不能作{c}
entry by entry
    逐元素运算
a sum
    加法
an equation
    等式的两边
an entrywise product
    逐元素乘法
an entrywise quotient
    逐元素除法
a matrix product
    矩阵乘法
an inner product
    内积
a place for a vector
    向量
a matrix of blocks
    分块矩阵

# Arrays, conditions, definitions
nothing tells the size of an array here
    这里无法得知数组的大小
nothing tells the size of this array
    无法得知这个数组的大小
arrays with more than two axes are computed by their indices only
    两个以上下标的数组只能按分量计算
determinants of more than {a} rows are not computed
    不计算超过 {a} 行的行列式
nothing says what this is where none of the cases holds
    没有说明各种情形都不成立时它是什么
no case is left
    没有剩下任何情形
this is no condition that can be decided
    这不是可以判定的条件
this condition cannot be decided
    无法判定这个条件
the two sides may be equal on a whole region, which is not looked into
    两边可能在整个区域上相等，这一点不作考察
a definition needs the form name = expression; found {a}
    定义的形式应为“名称 = 式子”，却是 {a}
`shapes` names {a}, which is no letter
    `shapes` 中的 {a} 不是字母
a definition needs a name on its left side; found {a}; a prime is no part of a name: write c_1 or \hat{c}
    定义的左边应是一个名称，却是 {a}；名称不能带撇号：请写 c_1 或 \hat{c}
a function is defined with letters as arguments, f(x, y) = …
    定义函数时，自变量应是字母：f(x, y) = …
a definition says once what {a} is: write {b} or {c}
    一个定义只能给 {a} 一个式子：请写 {b} 或 {c}
a definition needs a name on its left side; found {a}
    定义的左边应是一个名称，却是 {a}
{a} is defined twice
    {a} 定义了两次
{a} is defined by itself
    {a} 的定义用到了它自己
a part of the formula
    公式的一部分
{a} defines a single entry; every entry is defined by letters, as in x_i
    {a} 只定义了一个元素；应当用字母下标定义所有元素，如 x_i

# Derivatives
a derivative of this order is not computed
    不计算这样高阶的导数
nothing says what this gradient is taken by
    没有说明这个梯度对什么求导
second gradients are written with ∂ here
    二阶导数在这里用 ∂ 来写
nothing is known of what is differentiated here: it is not defined
    这里求导的对象没有定义，对它一无所知
a derivative of an array by a matrix has more than two axes
    数组对矩阵的导数有两个以上的下标
derivatives are taken by quantities, not by expressions
    只能对量求导，不能对式子求导
values are put into derivatives of functions only
    只有函数的导数才能代入数值
only first derivatives of a function are taken at an argument
    函数在自变量处只求一阶导数

# Values
this cannot be computed here
    这里无法计算
this is not computed
    不作这种计算
this divides by zero
    这里除以零
a number is needed here, not an array of {a}
    这里需要一个数，而不是 {a} 的数组
this number has too many digits
    这个数的位数太多
this has no role here
    它在这里没有含义
this letter has no role here
    这个字母在这里没有含义
a prime on what is no function
    撇号写在了不是函数的东西上
there is no entry {a} among {b}
    {b} 个元素中没有第 {a} 个
there is no entry {a}
    没有第 {a} 个元素
this script does not say which entry of an array of {a}
    这个下标没有说明是 {a} 的数组中的哪个元素
this function has one argument here
    这个函数在这里只有一个自变量
either of two lists may be a row or a column; write matrices with & and \\
    两个列表都可能是行，也可能是列；请用 & 和 \\ 写成矩阵
these arrays are no list of numbers; write \begin{bmatrix} with & and \\
    这些数组不是一列数；请用 \begin{bmatrix}、& 和 \\ 来写
this may be a product or a row; write & between the entries of a row
    这可能是乘积，也可能是一行；一行的元素之间请写 &

# Identities and unit vectors
this may be a size or the place of a single 1; write e_k for a unit vector
    这可能是大小，也可能是唯一的 1 所在的位置；单位向量请写作 e_k
this may be an entry of a matrix or its size; write the matrix as I
    这可能是矩阵的元素，也可能是它的大小；矩阵请写作 I
this script is neither a size nor two
    这个下标既不是一个大小，也不是两个大小
these digits may be two indices in several ways; write a comma between them
    这几位数字可以按几种方式分成两个下标；请用逗号隔开
this may be a product or two indices
    这可能是乘积，也可能是两个下标
unit vectors are counted from 1, and there is no e_{a}
    单位向量从 1 开始编号，没有 e_{a}

# More values
this number has no entries
    这是一个数，没有分量
there is no such entry
    没有这个元素
a power of a matrix
    矩阵的幂
this power is too high
    幂次太高
this power of a matrix is not computed
    不计算矩阵的这种幂
this power is not computed
    不计算这种幂
T above a number may be a transpose or a power; state the shapes of arrays
    数的上标 T 可能是转置，也可能是幂；请说明数组的形状
T above a number may be a transpose or a power; state the shapes of {a}, as in --shape {b}
    数的上标 T 可能是转置，也可能是幂；请说明 {a} 的形状，例如 --shape {b}
T above {a} may be a transpose or a power: nobody stated its shape, as in --shape {b}
    {a} 的上标 T 可能是转置，也可能是幂：没有说明它的形状，例如 --shape {b}
the definition of {a} does not fit: {b}
    {a} 的定义中形状不相容：{b}
in the definition of {a}: {b}
    在 {a} 的定义中：{b}
the function {a} is not known here
    未知的函数 {a}
nothing says what {a} is; it holds if {b}: give that as a definition
    没有说明 {a} 是什么；若 {b}，则成立：请把它写成定义
a normalisation
    归一化
a root of this degree is not computed
    不计算这样高次的根
of a vector, |…| may be its length, \lVert…\rVert, or stand for every entry
    对向量，|…| 可能指它的长度 \lVert…\rVert，也可能指逐个分量的绝对值
this norm is not computed
    不计算这种范数
rows of different lengths
    各行的长度不同
this function is not known here
    未知的函数
a number that is written with what it depends on takes letters only, J(w, b)
    写明所依赖的量时，只能用字母：J(w, b)
⁻¹ on a function may be its inverse or its reciprocal
    函数的上标 ⁻¹ 可能是反函数，也可能是倒数
a logarithm has one base
    对数只有一个底
{a} has no such row
    {a} 没有这一行
this index is no whole number
    这个下标不是整数
{a} needs {b} indices, not {c}
    {a} 需要 {b} 个下标，而不是 {c} 个
{a} has no such entry
    {a} 没有这个元素
a script on a function may be a power, an inverse or an index
    函数的上下标可能是幂、反函数或下标
this script on a function may be a layer, a power, an inverse or an index
    函数的这个上下标可能是层号、幂、反函数或下标
a prime on a function of several arguments
    多元函数带有撇号
{a} has {b} arguments, not {c}
    {a} 有 {b} 个自变量，而不是 {c} 个
functions of whole arrays are not computed at other arguments
    以整个数组为自变量的函数，不在其他自变量处计算
functions with arrays as values are not computed
    不计算值为数组的函数
this array is too large
    这个数组太大
this index would have to run to {a} and to {b}
    这个下标既要取到 {a}，又要取到 {b}
nothing says how far the sum over {a} runs
    没有说明对 {a} 的求和取到哪里
this sum does not say over what it runs
    这个求和没有说明取遍什么
this sum has too many terms
    这个求和的项太多
this sum begins at what is no whole number
    这个求和的起点不是整数
nothing says what number this limit is
    没有说明这个上下限是什么数

# Layers and indices of a network
this says no layer
    这里没有写明层号
this is no number of a layer
    这不是层号
layer {a} does not exist: {b}
    没有第 {a} 层：{b}
activations have the layers {b} to {c}
    激活值的层号为 {b} 至 {c}
weights have the layers {b} to {c}
    权重的层号为 {b} 至 {c}
this network has no biases
    这个网络没有偏置
this needs {a} index
    这里需要 {a} 个下标
this needs {a} indices
    这里需要 {a} 个下标
this is no index
    这不是下标
index {a} is not between {b} and {c}
    下标 {a} 不在 {b} 与 {c} 之间
a softmax of one number needs the others beside it
    对一个数求 softmax，还需要其他各数
there is no such layer: {a}
    没有这一层：{a}
nothing says which layer's activation function this is
    没有说明这是哪一层的激活函数
nothing says which layer's constants this function has
    没有说明这个函数的常数属于哪一层
this layer has no biases
    这一层没有偏置
this layer has only biases, which are written as weights here
    这一层只有偏置，而在这种记法中偏置写成权重
this layer has no weights, only biases
    这一层没有权重，只有偏置

# The judge
what is assumed cannot be used: {a}
    无法使用所作的假设：{a}
the notation is not clear
    无法确定所用的记法
the notation is not clear: {a}
    无法确定所用的记法：{a}
the formula is too large
    公式太大
the formula tells neurons apart by their numbers, and there are too many to look at each
    公式按编号区分神经元，而神经元太多，无法逐个查看
a number in the formula is larger than the sizes at which letters for sizes are compared
    公式中有一个数，大于比较字母大小时所取的大小
the formula is nested too deep
    公式嵌套太深
this formula is nested too deeply for a verdict
    公式嵌套太深，无法作出结论
an assumption is an equation or a comparison; found {a}
    假设应是等式或不等式，却是 {a}
this assumption speaks of too many entries
    这个假设涉及的元素太多
this assumption is neither an equation nor a comparison
    这个假设既不是等式，也不是不等式
the conditions leave no layer
    没有一层满足这些条件
the conditions leave nothing to compare
    在这些条件下没有可比较的内容
a condition beside the formula is not looked into
    公式旁边的一个条件没有考察
{a} is no equation, so it is neither right nor wrong
    {a}不是等式，无所谓正确与错误
an approximation
    近似关系
an update
    赋值
this relation
    这个关系
this holds only where {a} > 0, which is not assumed
    这只在 {a} > 0 时成立，而这并未假设
the right side may be defined for fewer numbers
    右边的定义域可能较小
the shapes do not fit
    形状不相容
not defined
    没有定义
entry {a}
    元素 {a}
{a}; entry {b}
    {a}；元素 {b}
nothing says whether the sum runs over {a}, too
    没有说明求和是否也遍历 {a}
nothing says which entry {a} is
    没有说明 {a} 是哪个元素
narrower layers of the same network
    同一网络、但各层较窄
this index would have to run through layers of different widths
    这个下标必须遍历宽度不同的层
there is no index {a} here
    这里没有下标 {a}
{a} of the same network with narrower layers
    {a}（同一网络，但各层较窄）
there is no verdict on this formula within the memory limit
    在内存限制之内没有得出结论
there is no verdict within the time limit of {a} s
    在 {a} 秒的时限之内没有得出结论
the checker ended without a verdict on this formula ({a})
    检验程序没有得出结论就结束了（{a}）
an error of the checker itself, not of the formula: {a}
    这是检验程序自身的错误，与公式无关：{a}
it does not end
    进程没有结束
exit code {a}
    退出码 {a}
signal {a}
    信号 {a}
the words “{a}” are no name here: a name is one word of letters, as \text{rate}, and a remark stands behind the formula
and \quad
    文字“{a}”在这里不能作名称：名称是由字母组成的一个词，如 \text{rate}；说明应写在公式和 \quad 之后
“{a}” is read as {b} here, and as {c} by latex2sympy2
    “{a}”在这里读作 {b}，而 latex2sympy2 读作 {c}

# What letters stand for
the input
    输入
the target
    目标值
the output
    输出
the loss
    损失
pre-activations of layer {a}
    第 {a} 层的预激活值
activations of layer {a}
    第 {a} 层的激活值
weights of layer {a}
    第 {a} 层的权重
biases of layer {a}
    第 {a} 层的偏置
error signal of layer {a}, ∂{b}/∂(its pre-activations)
    第 {a} 层的误差信号，即 ∂{b}/∂（该层预激活值）
∂{b}/∂(activations of layer {a})
    ∂{b}/∂（第 {a} 层激活值）
∂{b}/∂(weights of layer {a})
    ∂{b}/∂（第 {a} 层权重）
∂{b}/∂(biases of layer {a})
    ∂{b}/∂（第 {a} 层偏置）
∂{b}/∂(the input)
    ∂{b}/∂（输入）
weights of layer {a} with the bias as last column
    第 {a} 层的权重，最后一列为偏置
activations of layer {a} with a 1 appended
    第 {a} 层的激活值，末尾补上 1
a constant of the activation function
    激活函数的常数
layer {a}
    第 {a} 层
"""
