"""The Chinese phrases of worked examples: what all of them share, curves, activations, losses, data, descents."""

from __future__ import annotations

PHRASES = """# What all examples share
Retold from a text: its own numbers are bold, and what it says that is false stands in a frame.
    根据一份原文改写：原文的数值用粗体，原文中错误的论断放在框中。
The text says: {quote} That is **incorrect**.
    原文说：“{quote}”这是**错误的**。
The text says: {quote} That is **not so**.
    原文说：“{quote}”**并非如此**。
A claim that is false
    一个错误的论断
A claim of the text
    原文的一个论断
the claim
    原论断
mended, and proved
    改正后，并经证明
At {point} the left side is {left}, the right side {right}.
    在 {point} 处，左边为 {left}，右边为 {right}。
The left side is {left}, the right side {right}.
    左边为 {left}，右边为 {right}。
one formula, found correct by the checker
    一个公式，检验结果正确
{count} formulas, each found correct by the checker
    {count} 个公式，逐一检验正确
one claim of the text found false
    发现原文有一个论断不成立
{count} claims of the text found false
    发现原文有 {count} 个论断不成立
one number within its last digit
    一个数值，精确到最后一位
{count} numbers, each within its last digit
    {count} 个数值，都精确到最后一位

# Perceptrons
Perceptrons
    感知机
NAND with one, XOR with two layers, and why one is not enough
    一个感知机实现 NAND，两层实现 XOR，以及为什么一个不够
A neuron that says yes or no
    只回答是或否的神经元
A perceptron weighs its inputs, adds a bias, and fires where the sum is above 0.
    感知机对输入加权求和，再加上偏置；总和大于 0 时激活。
NAND with one of them
    用一个感知机实现 NAND
NAND is 0 only where both inputs are 1. The weights {w} and the bias {b} do it.
    只有两个输入都为 1 时 NAND 才为 0。取权重 {w} 和偏置 {b} 即可。
NAND, by one perceptron.
    一个感知机实现的 NAND。
The line on which the sum is 0 parts the corner where both inputs are 1 from the others.
    总和为 0 的直线把两个输入都为 1 的那个角与其余的角分开。
Four corners of a square; a falling line cuts off the upper right one.
    正方形的四个角；一条下降的直线把右上角分离出去。
NAND cannot be modelled by a perceptron.
    NAND 不能用感知机实现。
It can, as the table shows. XOR and XNOR are those that one perceptron cannot model.
    可以，见上表。一个感知机无法实现的是 XOR 和 XNOR。
XOR with two layers
    用两层实现 XOR
XOR is 1 where exactly one input is: where NAND and OR both are. So a first layer makes these two, and a second makes
AND of them.
    恰有一个输入为 1 时 XOR 为 1，也就是 NAND 与 OR 同时为 1 时。所以第一层算出这两个，第二层再对它们取 AND。
XOR, by three perceptrons in two layers.
    两层共三个感知机实现的 XOR。
The two lines of the first layer; between them XOR is 1.
    第一层的两条直线；两线之间 XOR 为 1。
Four corners of a square; two parallel falling lines leave two of them between.
    正方形的四个角；两条平行的下降直线之间夹着其中两个。
Why one is not enough
    为什么一个不够
Suppose one perceptron made XOR. At the four corners its sum would have to be:
    假设一个感知机实现了 XOR。在四个角上，它的总和必须满足：
at {at}: {sum}
    在 {at} 处：{sum}
The second and the third together say {up}, the first and the last {down}. Both cannot be.
    第二、第三式合起来得到 {up}，第一、第四式合起来得到 {down}。两者不能同时成立。
As a program
    写成程序
All of it; the last line prints the table.
    全部程序；最后一行打印真值表。

# Slopes of curves
Slopes of curves
    曲线的斜率
valleys, hills and partial derivatives
    谷、峰与偏导数
A valley
    谷
the slope
    斜率
the slope of the slope
    斜率的斜率
The slope is 0 only at {x}. The second derivative is positive there: the curve comes down from the left and goes up to
the right, so this is the lowest point.
    斜率只在 {x} 处为 0。那里的二阶导数为正：曲线从左边下来，向右边上去，所以这是最低点。
The valley and its slope.
    谷及其斜率。
A parabola open upwards, and a rising line through its lowest point.
    一条开口向上的抛物线，以及在它最低点处过零的上升直线。
A hill
    峰
It is 0 at {x}, where {y}.
    斜率在 {x} 处为 0，此时 {y}。
the slope falls everywhere: the point is the highest
    斜率处处下降：该点是最高点
The second derivative of 1 + 2x − x² is 2 − 2x.
    1 + 2x − x² 的二阶导数是 2 − 2x。
That is the first derivative; the second is the slope of it.
    这是一阶导数；二阶导数是它的斜率。
The hill and its slope.
    峰及其斜率。
A parabola open downwards, and a falling line through zero at its highest point.
    一条开口向下的抛物线，以及在它最高点处过零的下降直线。
Where the second derivative is 0
    二阶导数为 0 的地方
A curve may bend where it is 0: at {x} both of these have the second derivative 0, and one has a lowest point there, the
other has none.
    二阶导数为 0 处，曲线的弯曲方向可能改变：在 {x} 处，下面两条曲线的二阶导数都为 0，一条在那里有最低点，另一条没有。
for {curve}
    对 {curve}
So the text’s rule, that a second derivative cannot be zero unless {line}, is false.
    所以原文的规则，即除非 {line}，否则二阶导数不可能为零，是错误的。
Three directions
    三个方向
A function of several numbers has a slope in each direction: one letter moves, the others stand still.
    多元函数在每个方向上各有一个斜率：一个变量变动，其余保持不动。
{y} and {z} stand still
    {y} 和 {z} 保持不动
the first term does not hold {y}
    第一项不含 {y}
nor {z}
    也不含 {z}

# Activations
Activations
    激活函数
formula, slope, asymptotes, inflection and a picture of each
    每个函数的公式、斜率、渐近线、拐点与图像
What an activation is for
    激活函数的用途
Without one, a chain of layers would be one matrix. An activation bends what a neuron sums up, and training needs its
slope.
    没有激活函数，一连串的层只相当于一个矩阵。激活函数使神经元的加权和变弯，而训练需要它的斜率。
step
    阶跃
linear
    线性
sigmoid
    sigmoid
logistic
    logistic
tanh
    tanh
relu
    relu
leaky-relu
    leaky-relu
elu
    elu
softplus
    softplus
gelu
    gelu
silu
    silu
softsign
    softsign
from {source}
    出自 {source}
its slope, derived and proved
    它的斜率，推导并证明
Far to the left it comes near {line}.
    左端远处趋近于 {line}。
Far to the right it comes near {line}.
    右端远处趋近于 {line}。
{name} and its slope, drawn for {constants}.
    {name} 及其斜率，按 {constants} 绘制。
{name} and its slope.
    {name} 及其斜率。
A curve and, dashed, its slope.
    一条曲线，以及用虚线画出的它的斜率。
the same everywhere: it bends nothing
    处处相同：不产生任何弯曲
It bends the other way at {z}: there its second derivative changes its sign.
    它在 {z} 处改变弯曲方向：二阶导数在那里变号。
It bends the other way at {first} and {second}: there its second derivative changes its sign.
    它在 {first} 和 {second} 处改变弯曲方向：二阶导数在那里变号。
The sigmoid is 0.5 for all positive inputs.
    对所有正的输入，sigmoid 都等于 0.5。
It is {half} at 0 only, and above that for every positive input; it comes near 1.
    它只在 0 处等于 {half}，对每个正的输入都大于这个值，并趋近于 1。

# Losses
Losses
    损失函数
formula, gradient and a picture of each
    每个函数的公式、梯度与图像
What a loss is for
    损失函数的用途
A loss says in one number how far predictions are from targets. Its gradient says how hard, and which way, each
prediction is pulled.
    损失函数用一个数说明预测值与目标值相差多远。它的梯度说明每个预测值受到多大的牵引，牵引的方向如何。
Half squared error
    半平方误差
Squared error
    平方误差
Mean squared error
    均方误差
Mean absolute error
    平均绝对误差
L1
    L1
Mean absolute percentage error
    平均绝对百分比误差
Mean squared logarithmic error
    均方对数误差
Log-cosh
    对数双曲余弦
Binary cross-entropy
    二元交叉熵
Cross-entropy
    交叉熵
Negative log-likelihood
    负对数似然
Kullback–Leibler divergence
    KL 散度
Cosine proximity
    余弦相似度
Hinge
    合页损失
Huber
    Huber
the loss of one sample
    单个样本的损失
its gradient, derived and proved
    它的梯度，推导并证明
In each picture the upright line stands at the target.
    每幅图中的竖线标出目标值。
{name} of one prediction, and its slope.
    一个预测值的{name}及其斜率。
A target of 100
    目标值为 100
For the target {target} and predictions from {low} to {high} the absolute error pulls equally hard wherever the
prediction is; the squared error pulls harder the farther it is.
    目标值为 {target}、预测值从 {low} 到 {high} 时，不论预测值在哪里，绝对误差的牵引都一样大；平方误差则离得越远牵引
    越大。
{name} for the target 100.
    目标值为 100 时的{name}。
A curve with its lowest point at 100.
    一条在 100 处最低的曲线。
The slope of the {name}.
    {name}的斜率。
The slope, which is 0 or jumps at 100.
    斜率，在 100 处为 0 或跳变。
Root mean squared error
    均方根误差
the root divides by itself
    求导后要除以根式本身
Over one point this is the absolute error, and its slope is 1 or −1. Over several, each is pulled by its share of the
whole error.
    只有一个点时，这就是绝对误差，斜率为 1 或 −1。有多个点时，每个点按其在总误差中所占的比例受到牵引。
The gradients of mean absolute error and of root mean squared error are both constant.
    平均绝对误差与均方根误差的梯度都是常数。
With two points, {a} and {b}, the slope changes with the prediction.
    有两个点 {a} 和 {b} 时，斜率随预测值而变。
The second derivative of log-cosh
    对数双曲余弦的二阶导数
of a line through one point
    对经过一个点的直线
by the shift
    对截距求导
by the slope of the line: times {x}
    对直线的斜率求导：乘以 {x}
The second derivative of log-cosh is the first times x.
    对数双曲余弦的二阶导数等于一阶导数乘以 x。
That is the first derivative by {m}, not the second by {c}.
    那是对 {m} 的一阶导数，而不是对 {c} 的二阶导数。

# Data
Data, described and scaled
    数据的描述与缩放
estimates of twelve flats, and three scalings
    十二套住房的统计量，以及三种缩放方法
Twelve flats
    十二套住房
area
    面积
rent
    租金
Area in square metres, rent a month.
    面积以平方米计，租金按月计。
Where they lie
    集中趋势
The *mean* shares everything out evenly; the *median* is the one in the middle and does not mind how far the largest
lies out.
    **均值**把总量平均分配；**中位数**是排在正中间的值，不受最大值偏离多远的影响。
estimate
    统计量
mean
    均值
mean, weighted by the other column
    以另一列加权的均值
median
    中位数
median, weighted by the other column
    以另一列加权的中位数
Estimates of location.
    位置的统计量。
How far they spread
    离散程度
The variance averages squared distances from the mean; the mean absolute deviation averages the distances themselves.
Percentiles leave a part of the data below them.
    方差是到均值的距离平方的平均；平均绝对偏差是距离本身的平均。百分位数之下有相应比例的数据。
variance
    方差
mean absolute deviation
    平均绝对偏差
range
    极差
25th percentile
    第 25 百分位数
75th percentile
    第 75 百分位数
interquartile range
    四分位距
Estimates of variability.
    离散程度的统计量。
Three scalings
    三种缩放方法
A descent with one rate for all weights goes badly when one input is a hundred times another. So inputs are scaled, each
column for itself.
    如果一个输入是另一个的一百倍，而所有权重共用一个学习率，下降就会很不顺利。所以要对输入作缩放，每一列各自进行。
by the ends: between 0 and 1
    按两端：缩放到 0 与 1 之间
by the length
    按长度
the length becomes 1
    长度变为 1
by the spread
    按离散程度
the mean becomes 0
    均值变为 0
and the variance 1
    方差变为 1
by the ends
    按两端
The areas, scaled.
    缩放后的面积。

# Descent on a plane
Descent on f(x, y) = x + y
    f(x, y) = x + y 上的下降
a plane has no lowest point
    平面没有最低点
The function and its slopes
    函数及其斜率
Both slopes are 1, wherever we stand:
    不论在哪里，两个斜率都是 1：
only the first term holds x
    只有第一项含 x
only the second term holds y
    只有第二项含 y
The descent
    下降
We start at {point}, where f is {value}, and go against the slopes with the rate {rate}.
    从 {point} 出发，那里 f 为 {value}，以学习率 {rate} 逆着斜率走。
One step leads to {x} and {y}, together {sum}.
    走一步到达 {x} 和 {y}，其和为 {sum}。
After {count} steps x is {x}, y is {y}, and f is {value}: exactly, since the fractions are exact.
    走 {count} 步之后，x 为 {x}，y 为 {y}，f 为 {value}：因为用的是精确的分数，这些值是精确的。
The way of the descent over the lines on which f is the same.
    下降的路径，以及 f 的等值线。
A straight way from (2, 4) to (-1, 1), at a right angle to parallel straight lines.
    从 (2, 4) 到 (-1, 1) 的一条直线路径，与一组平行直线垂直。
There is no lowest point
    没有最低点
The text stops here and calls 0 the minimum. Step {step} goes on to {value}, and every step takes {loss} off: a plane
falls for ever.
    原文在这里停下，称 0 为最小值。第 {step} 步到达 {value}，每一步再减少 {loss}：平面会永远下降。
f has its minimum at 300 steps, where it is 0; there its slope would have to be 0.
    f 在第 300 步达到最小值 0；那里它的斜率必须为 0。
A lowest point has the slope 0, and this function has the slope 1 everywhere.
    最低点处斜率为 0，而这个函数的斜率处处为 1。
The whole descent; fractions lose nothing.
    下降的全过程；分数没有任何舍入。
"""
