"""The Chinese phrases of the worked example about one neuron: its gradient, its descents, many starts."""

from __future__ import annotations

PHRASES = """{name}
    {name}
{why}
    {why}
{idea} *Source:* {source}.
    {idea}**出处**：{source}。
Gradient descent
    梯度下降法
Gradient descent with momentum
    带动量的梯度下降法
Nesterov’s accelerated gradient
    Nesterov 加速梯度法
Adagrad
    Adagrad
Adadelta
    Adadelta
RMSProp
    RMSProp
Adam
    Adam
many starts
    多个起点
one start
    一个起点
One neuron, one vector
    一个神经元，一个向量
gradient, rates, momentum and its relatives, many starts
    梯度，学习率，动量及其同类，多个起点
The neuron
    神经元
A neuron weighs its inputs, adds a bias, and bends the sum by an activation, whichever it is:
    神经元对输入加权求和，加上偏置，再让总和通过某个激活函数：
What should {theta} be? A loss {J} says how far the answers are from those that are wanted. Its gradient by {theta} is a
column with one entry for each weight, as {theta} itself is.
    {theta} 应当取什么值？损失 {J} 说明所得的回答与所要的回答相差多远。它对 {theta} 的梯度是一个列向量，每个权重对应
    一个分量，与 {theta} 本身一样。
Numbers: the mean squared error
    回答是数：均方误差
For one sample, the chain rule goes through the square, the activation and the sum:
    对一个样本，链式法则依次经过平方、激活函数与加权和：
what is off, the slope, x
    偏差、斜率、x
a bias is weighed by 1
    偏置乘以 1
For {m} samples, the rows of {X}, it is the mean, and the sum over the samples is a product:
    对 {m} 个样本，即 {X} 的各行，取平均值，而对样本的求和就是一个乘积：
one entry
    一个分量
the column
    列向量
the bias
    偏置
Classes: cross-entropy
    回答是类别：交叉熵
For two classes, {y} is 0 or 1, and {a} is how likely the neuron takes 1 to be:
    对两个类别，{y} 为 0 或 1，{a} 是神经元认为类别为 1 的概率：
any activation between 0 and 1
    取值在 0 与 1 之间的任意激活函数
With the sigmoid, the slope cancels against the divisor, and nothing is left but what is off:
    用 sigmoid 时，斜率与除数约去，只剩下偏差：
the sigmoid
    sigmoid
all samples
    所有样本
The step
    走一步
The gradient points uphill; a step against it, as long as the rate {eta} says, goes down.
    梯度指向上坡；逆着它走一步，步长由学习率 {eta} 决定，就会下降。
To go down, subtract the negative gradient.
    要下降，就减去负梯度。
Twice minus is plus: to subtract {minus} is to add {g}, and that climbs. Along {way} the loss changes as below; at the
start of the step, where the gradient is {g}, that is {square}, which is above 0. What was meant is to *add* the
negative gradient, or to *subtract* the gradient.
    负负得正：减去 {minus} 就是加上 {g}，这是在上升。沿着 {way}，损失的变化如下；在这一步的起点，梯度为 {g}，
    所以变化为 {square}，大于 0。原意应是**加上**负梯度，或者**减去**梯度。
The square shows it in numbers. With the rate {rate}, one step makes {down} of J, or {up}:
    用平方函数的数值来看。以学习率 {rate} 走一步，J 变为 {down} 或 {up}：
against the gradient: down
    逆着梯度：下降
twice minus: up
    两次取负：上升
How large a step?
    步长取多大？
A neuron with one input and the activation 1 learns these four points: at {x} it should say {y}. Two numbers are to be
found, {theta} and {b}, so that all of it can be drawn.
    一个只有一个输入、激活函数为恒等函数的神经元学习四个点：在 {x} 处应回答 {y}。要求的只有两个数 {theta} 和 {b}，
    所以一切都可以画出来。
The lowest point is at {theta} and {b}, where J is {least}. We start at {start}, where J is {first}, with three rates,
and look where {steps} steps lead.
    最低点在 {theta} 和 {b} 处，那里 J 为 {least}。从 {start} 出发，那里 J 为 {first}，取三种学习率，看 {steps} 步之
    后到达哪里。
Three rates: one crawls, one arrives, one leaps farther from the valley with every step.
    三种学习率：一种爬行，一种到达，一种每一步都跳得离谷底更远。
Contours of a long valley with three paths: a short one, one to the bottom, and one to and fro that grows; beside them
the losses.
    一条长谷的等值线和三条路径：一条很短，一条到达谷底，一条来回摆动且越摆越大；旁边是各自的损失。
Why? Across the valley, J is nearly a parabola of some curvature {l}, and each step multiplies the way that is left,
{u}, by a number:
    为什么？横穿山谷来看，J 近似于一条曲率为 {l} 的抛物线，每一步都把剩下的路程 {u} 乘以一个数：
a step on a parabola
    抛物线上的一步
If {eta} is above {bound}, that number is below −1, and every step is longer than the one before. The largest curvature
here is {most}, so the border lies at {border}; {large} is beyond it.
    如果 {eta} 大于 {bound}，这个数就小于 −1，每一步都比前一步更长。这里最大的曲率是 {most}，
    所以界限在 {border}；{large} 超过了它。
After {count} steps.
    {count} 步之后。
Better steps
    更好的更新规则
All of these go against the gradient {g}, and remember something of the steps before. What a rule reads before it has
set it is what it remembers; that is 0 at first. The lines hold entry by entry.
    以下方法都逆着梯度 {g} 走，并且记住以往步子的一些信息。规则在赋值之前就读取的量，就是它所记住的量；
    这些量起初为 0。各式都按分量成立。
Side by side
    对照
The same valley, the same start, {steps} steps each. The rates are those that suit each of them; no one is the best for
every problem.
    同一个山谷，同一个起点，各走 {steps} 步。学习率各取适合自己的值；没有哪一种对所有问题都最好。
settings
    设置
J after {count} steps
    {count} 步之后的 J
What is reached; the least that there is is {least}.
    所到达的值；可能的最小值是 {least}。
The seven ways.
    七条路径。
Seven small pictures of one valley, each with another path to its bottom.
    同一个山谷的七幅小图，每幅有一条不同的路径通向谷底。
The loss of all of them, step by step.
    它们各自的损失，逐步画出。
Seven falling curves, some of them with waves.
    七条下降的曲线，其中有些带有波动。
Many starts
    多个起点
What if there is more than one valley? Let the activation be the sine, as where a frequency is to be found: the answers
are those of {theta}, and so J is 0 there and nowhere less.
    如果不止一个山谷呢？设激活函数为正弦，就像求一个频率那样：所要的回答正是 {theta} 给出的，所以 J 在那里为 0，
    别处不会更小。
the slope of the sine is the cosine
    正弦的斜率是余弦
From {start} a descent ends in the nearest valley, at {theta}, where J is {value}: no step leads out. {count} descents
from starts drawn evenly between 0 and {last} end in several valleys; the best of them has found {best}, where J is
{least}.
    从 {start} 出发，下降止于最近的山谷 {theta}，那里 J 为 {value}：没有一步能走出去。在 0 与 {last} 之间均匀抽取起
    点，{count} 次下降止于若干个山谷；其中最好的一次找到 {best}，那里 J 为 {least}。
J with its valleys: where descents began (rings) and ended (dots).
    J 及其各个山谷：下降的起点（圆圈）与终点（圆点）。
A curve with several valleys; one descent from 6.5 ends in a high one, one of many in the deepest.
    一条有若干山谷的曲线；从 6.5 出发的一次下降止于较高的山谷，多次下降中的一次止于最深的山谷。
Nothing proves that the best of many is the best of all; each further start makes it likelier.
    没有什么能证明多次中最好的就是全局最好的；每多一个起点，可能性就更大。
One neuron that learns classes, with the momentum as a part that is kept of the last step:
    一个学习类别的神经元，动量就是上一步所保留的一部分：
It runs alone, and compares its gradient with central differences.
    它可以单独运行，并把自己的梯度与中心差分作比较。
"""
