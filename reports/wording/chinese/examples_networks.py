"""The Chinese phrases of worked examples: a line through rents, chains, networks, logistic regression, recursion."""

from __future__ import annotations

PHRASES = """# A line through rents
A line through rents
    租金的拟合直线
batch, mini-batch and stochastic descent, side by side
    批量、小批量与随机梯度下降的对照
The data
    数据
The rents of the text are lost; these twelve flats are our own. Area and rent are scaled to lie between 0 and 1.
    原文的租金数据已经失传；这十二套住房是我们自己的数据。面积和租金都缩放到 0 与 1 之间。
area, scaled
    面积（缩放后）
rent, scaled
    租金（缩放后）
Twelve flats.
    十二套住房。
The line and its gradients
    直线及其梯度
by the slope
    对斜率求导
One step by hand
    手算一步
The text goes one step with the rate {rate}:
    原文以学习率 {rate} 走一步：
letter
    字母
before
    更新前
gradient
    梯度
after
    更新后
Before minus rate times gradient.
    更新前的值减去学习率乘梯度。
Batch, mini-batch, stochastic
    批量、小批量、随机
How many points speak before a step is taken? All {all} (*batch*), {some} at a time (*mini-batch*), or each by itself
(*stochastic*). The rate is the same; more steps a pass go farther, and less straight.
    每走一步之前要用多少个点？全部 {all} 个（**批量**），每次 {some} 个（**小批量**），或者一次一个（**随机**）。
    学习率相同；每遍的步数越多，走得越远，也越曲折。
batch
    批量
mini-batch
    小批量
stochastic
    随机
way
    方式
error
    误差
After {count} passes over the points.
    遍历所有的点 {count} 遍之后。
The three ways over the lines of equal error.
    误差等值线上的三条路径。
Three paths from one start to the same lowest point, the more wavering the smaller the batch.
    三条路径从同一起点走到同一最低点，批量越小越曲折。
The error after each pass.
    每遍之后的误差。
Three falling curves.
    三条下降的曲线。
One million points in batches of 10,000 give 1000 batches.
    一百万个点按每批 10,000 个分，得到 1000 批。
They give {count}.
    应得 {count} 批。
The same with log-cosh
    改用对数双曲余弦
Log-cosh is nearly the squared error for small residuals and nearly the absolute error for large ones: one wild point
pulls no harder than 1.
    残差小时，对数双曲余弦近似于平方误差；残差大时，近似于绝对误差：一个离群点的牵引不超过 1。

# A chain of three nodes
A chain of three nodes
    三个节点的链
local derivatives multiply
    局部导数相乘
The chain
    链
Each node takes what the one before it gives, weighs it, shifts it and divides it.
    每个节点接收前一个节点的值，乘以权重，加上偏置，再作除法。
One slope after the other
    逐个求斜率
A small change of {w} passes through every node, and each multiplies it by its own slope.
    {w} 的微小变化经过每个节点，每个节点都乘上自己的斜率。
the last node
    最后一个节点
the node in the middle
    中间的节点
the first node
    第一个节点
the product of the three
    三者的乘积
The same by small changes
    用微小变化来验证
With {values} the slope is {slope}.
    取 {values} 时，斜率为 {slope}。
The chain is linear in each weight: every change gives the slope itself.
    这条链对每个权重都是线性的：任何大小的变化都给出斜率本身。
With a cost at the end
    末端加上代价函数
Let a cost say how far the output is from a target: one factor more stands in front.
    用代价函数说明输出与目标值相差多远：最前面多出一个因子。
the slope of the cost, then the chain as before
    代价函数的斜率，后面的链与前面相同
a bias is weighed by nothing
    偏置不乘任何权重

# The network 3-4-3-2
The network 3-4-3-2
    3-4-3-2 网络
every letter, what changes what, BP1 to BP4, BP2 in three ways
    每个字母，什么影响什么，BP1 至 BP4，以及 BP2 的三种推导
Every letter
    每个字母的含义
The input counts as layer 0 here, so the first weights are number 1. The first index of a weight says where it leads,
the second where it comes from.
    这里输入记作第 0 层，所以第一组权重的编号是 1。权重的第一个下标说明它通向哪里，第二个说明它来自哪里。
The network, with the name of everything in it.
    网络，以及其中每个量的名字。
Three inputs, four and three hidden neurons, two outputs; every neuron is joined to all of the next layer.
    三个输入，四个和三个隐藏神经元，两个输出；每个神经元都与下一层的所有神经元相连。
what a neuron sums up
    神经元的加权和
what it sends on
    它送出的值
the cost of one sample
    单个样本的代价
What changes what
    什么影响什么
A weight changes the sum of one neuron, the sum changes what it sends on, and that changes the cost. Each link of this
chain is a derivative that can be read off one equation.
    权重改变一个神经元的加权和，加权和改变它送出的值，后者再改变代价。这条链的每一环都是一个导数，可以从一个方程中直
    接读出。
a weight changes the sum by what it multiplies
    权重按它所乘的量改变加权和
a bias changes it by itself
    偏置按自身的量改变它
the sum changes the activation by the slope there
    加权和按该处的斜率改变激活值
an output changes the cost by how far it is off
    输出按它的偏差改变代价
two links joined: the error signal
    两环相接：误差信号
and a third: the gradient by a weight
    再接第三环：对权重的梯度
The four equations
    四个方程
For whole layers these links are the four equations of backpropagation; the derivation finds them by itself.
    对整层来写，这些环节就是反向传播的四个方程；推导程序会自行得出它们。
BP2 on a chain of single neurons
    单个神经元的链上的 BP2
With one neuron in each of four layers there is one path, and the derivative by the first sum is one product.
    四层各有一个神经元时只有一条路径，对第一个加权和的导数就是一个乘积。
at the end
    在末端
one weight and one slope back
    往回一个权重、一个斜率
all of it written out
    全部写开
BP2 on two rows
    两行神经元上的 BP2
With two neurons in each layer a sum reaches the cost along several paths, and what they bring is added.
    每层有两个神经元时，一个加权和沿多条路径影响代价，各条路径的贡献相加。
The paths from one hidden neuron to the cost.
    从一个隐藏神经元到代价的各条路径。
Two rows of neurons; the connections that leave the first hidden neuron are coloured.
    两行神经元；从第一个隐藏神经元出发的连接着了色。
two ways out
    两条出路
the sum over all paths: four of them
    对所有路径求和：共四条
the same for any layer, by what is known of the next
    对任意一层都同样，利用下一层的已知结果
Forward and backward, side by side
    前向与反向的对照
forward
    前向
backward
    反向
The weights and the activation; backwards the weights turned, and the slope.
    前向是权重和激活函数；反向是转置的权重和斜率。

# Logistic regression
Logistic regression
    逻辑回归
by formula, and by blocks up and down
    用公式推导，以及用计算图前向与反向推导
By formula
    用公式
A probability is a line, bent by the logistic function; the loss says how surprising the labels are.
    概率是一条直线经 logistic 函数弯曲而成；损失说明各个标签有多么出人意料。
Everything cancels but the difference of probability and label:
    全部约去，只剩下概率与标签之差：
By blocks, as a machine does it
    按模块，像机器那样
The loss of one point is cut into two parts, {a} with {y} and {b} with {other}, and each into blocks so small that the
derivative of each is known by heart. The number that is learned is {w}.
    一个点的损失分为两部分，{a} 含 {y}，{b} 含 {other}；每部分又分成很小的模块，小到各自的导数可以脱口而出。
    要学习的数是 {w}。
Every block at {x} and {w}, for the label {y}.
    标签为 {y} 时，每个模块在 {x} 和 {w} 处的值。
The blocks, from below upwards; values in blue, local derivatives in orange.
    自下而上的各个模块；蓝色为值，橙色为局部导数。
Eleven blocks: a chain from W up to P, which splits into two branches that meet in L.
    十一个模块：一条从 W 向上到 P 的链，再分成两支，在 L 处汇合。
Down again
    再往下
Going down, each block multiplies what arrives by its own slope. Two ways lead from {p} to {l}, and what they bring is
added.
    往下走时，每个模块把到达的值乘以自己的斜率。从 {p} 到 {l} 有两条路，两者的贡献相加。
both ways
    两条路
all the way down; the formula from above
    一直到底；就是上面的公式
At the point that is {value}.
    在该点，其值为 {value}。

# tanh, then softmax
tanh, then softmax
    先 tanh，后 softmax
gradients by Jacobians, and two slips of a text
    用雅可比矩阵求梯度，以及原文的两处错误
The network
    网络
The first layer has {inputs} neurons and no weights: each adds a bias to its input and takes tanh. The second has
{outputs} neurons, weights and biases; softmax makes probabilities of what they sum up.
    第一层有 {inputs} 个神经元而没有权重：每个神经元在输入上加一个偏置，再取 tanh。第二层有 {outputs} 个神经元，
    带权重和偏置；softmax 把它们的加权和变成概率。
One number after the other
    逐个数来求
How does the loss change with one output?
    损失随一个输出怎样变化？
only the term {j} holds it
    只有第 {j} 项含有它
Each output depends on *every* sum, because all of them stand in the denominator of softmax.
    每个输出都依赖于**每一个**加权和，因为它们都出现在 softmax 的分母中。
the quotient rule; {delta} is 1 where both indices agree, else 0
    商的求导法则；两个下标相同时 {delta} 为 1，否则为 0
So a sum reaches the loss through all outputs, and the chain rule adds over them.
    所以一个加权和通过所有输出影响损失，链式法则对它们求和。
the chain rule over all outputs
    链式法则，对所有输出求和
the term {i} = {j} picked out
    挑出 {i} = {j} 的一项
The parameters of the second layer come next, and then, through the weights and tanh, the first biases.
    接下来是第二层的参数，然后穿过权重和 tanh，是第一层的偏置。
a bias adds with factor 1
    偏置以系数 1 相加
what it multiplies
    它所乘的量
the slope of tanh, from what is stored
    tanh 的斜率，由存下的值得到
All at once, by Jacobians
    用雅可比矩阵一并求出
The same with whole arrays: {w} is {shape}, everything else a column.
    用整个数组来写同样的内容：{w} 的形状为 {shape}，其余都是列向量。
the Jacobian of softmax: full, and symmetric
    softmax 的雅可比矩阵：稠密且对称
the Jacobian of tanh: diagonal, since each entry has its own input
    tanh 的雅可比矩阵：对角阵，因为每个分量只有自己的输入
the error
    误差
an outer product
    外积
through the weights, then through tanh
    先穿过权重，再穿过 tanh
Two slips of the text
    原文的两处错误
The gradient by the first biases holds tanh′ at the layer’s output.
    对第一层偏置的梯度中，tanh′ 取在该层的输出处。
The slope of tanh belongs where tanh is taken, at {at}; what leaves tanh is {out} already.
    tanh 的斜率应取在 tanh 的自变量 {at} 处；{out} 已经是 tanh 的输出。
The Jacobian of softmax is 0 off its diagonal.
    softmax 的雅可比矩阵在对角线以外为 0。
Raising one sum lowers the probability of every other output: off the diagonal stands {entry}.
    提高一个加权和会降低其他每个输出的概率：对角线以外的元素是 {entry}。
What the derivation finds by itself
    推导程序自行得出的结果
The same network, derived from its equations by the chain rule for every width; each step is proved.
    同一个网络，由它的方程用链式法则对任意宽度推导；每一步都经过证明。
"""
