"""The Chinese phrases of a report about a training."""

from __future__ import annotations

SMALL = {
    ", that of the samples held out from {first} to {last}": "，留出样本的损失从 {first} 变为 {last}",
    ", of which {first} and in the end {last} of {held} are classed right":
        "；{held} 个留出样本中，起初有 {first} 个、最后有 {last} 个分类正确",
    ", with {letter} = {value}, {what}": "，其中 {letter} = {value}，即{what}",
    " and {letter} = {value}, {what}": "，{letter} = {value}，即{what}",
    ". Source: {source}.": "。出处：{source}。",
}  # phrases that begin as the continuation of a sentence  # fmt: skip

PHRASES = """Training a network {widths}
    训练网络 {widths}
How it learned, step by step, and how well
    它怎样一步步学习，学得怎样
The task
    任务
The network {network} learns from {count} samples of {data}, each of {width} numbers; {held} more are held out to test
it with, and belong to {classes} classes.
    网络（{network}）用{data}的 {count} 个样本学习，每个样本有 {width} 个数；另外留出 {held} 个样本用于测试，
    它们分属 {classes} 个类别。
The network {network} learns from {count} samples of {data}, each of {width} numbers; {held} more are held out to test
it with.
    网络（{network}）用{data}的 {count} 个样本学习，每个样本有 {width} 个数；另外留出 {held} 个样本用于测试。
All parameters together are a vector {theta}, and {loss} is the mean loss over the samples.
    所有参数合成一个向量 {theta}，{loss} 是各样本损失的平均值。
The inputs are taken as they are.
    输入不作缩放。
The inputs are scaled first:
    先对输入作缩放：
the inputs stay as they are
    输入保持原样
c is the smallest value of an input, w its range: then 0 ≤ x ≤ 1
    c 是一个输入的最小值，w 是它的极差：于是 0 ≤ x ≤ 1
c is the mean of an input, w its standard deviation
    c 是一个输入的均值，w 是它的标准差
w is the length of the sample, so that each sample has length 1
    w 是样本的长度，于是每个样本的长度为 1
Found on the samples that are learned from, and the same for all.
    由训练样本求出，对所有样本都相同。
Each sample by itself.
    每个样本各自缩放。
Each layer starts with the spread that suits its activation (He 2015 where it grows without bound, else Glorot and
Bengio 2010), and biases at 0.
    每层权重的初始离散程度与其激活函数相适应（激活函数无界增长时按 He 2015，否则按 Glorot 和 Bengio 2010），
    偏置从 0 开始。
Weights start at random, {kind}ly distributed around 0 with the variance {variance} for {inputs} inputs and {outputs}
outputs of a layer, biases likewise with the variance 1 ({source}).
    权重随机初始化，服从均值为 0 的{kind}分布；对有 {inputs} 个输入、{outputs} 个输出的层，方差为 {variance}；
    偏置同样，方差为 1（{source}）。
Weights start at random, {kind}ly distributed around 0 with the variance {variance} for {inputs} inputs and {outputs}
outputs of a layer, biases at 0 ({source}).
    权重随机初始化，服从均值为 0 的{kind}分布；对有 {inputs} 个输入、{outputs} 个输出的层，方差为 {variance}；
    偏置从 0 开始（{source}）。

# How it learns
How it learns
    怎样学习
A small step {step} changes the loss {loss} by what its gradient says, to first order:
    参数走一小步 {step} 时，损失 {loss} 的变化在一阶近似下由梯度给出：
Taylor’s theorem, to first order
    泰勒定理，一阶
Among all steps of one length that against the gradient lowers {j} most, and with {step} it lowers it by {eta} times the
squared length of the gradient, as long as {eta} is small enough for the first order to count. With {g} the mean
gradient over a mini-batch of {count} samples, drawn anew in every epoch, the rule is {name}.
    在长度相同的所有步子中，逆着梯度的一步使 {j} 下降最多；取 {step} 时，下降量等于 {eta} 乘以梯度长度的平方，
    只要 {eta} 小到一阶近似成立。设 {g} 为 {count} 个样本的小批量上的平均梯度（每轮重新抽取），更新规则是{name}。
All of this holds entry by entry. {letters} starts at 0 and is kept from step to step. The first step is therefore
    以上各式都按分量成立。{letters} 从 0 开始，逐步保留。因此第一步为
All of this holds entry by entry. {letters} start at 0 and are kept from step to step. The first step is therefore
    以上各式都按分量成立。{letters} 都从 0 开始，逐步保留。因此第一步为
from {first} on, with an empty memory
    从 {first} 起，记忆为空
The gradient of one sample is the derived one; {command} derives it step by step.
    单个样本的梯度就是推导出的梯度；{command} 给出逐步的推导。
The gradients of one sample
    单个样本的梯度
Source: {source}.
    出处：{source}。
letter
    字母
value
    值
what it is
    含义
The settings of this training.
    本次训练的设置。
the learning rate
    学习率
The rate does not stay; {epochs} counts the epochs that have passed:
    学习率并非不变；{epochs} 表示已经过的轮数：
The rate does not stay; {epochs} counts the epochs that have passed of {total}:
    学习率并非不变；{epochs} 表示已经过的轮数，总轮数为 {total}：
The rate does not stay; {epochs} counts the epochs that have passed, {spans} the whole spans among them:
    学习率并非不变；{epochs} 表示已经过的轮数，{spans} 表示其中完整的周期数：
The rate does not stay; {epochs} counts the epochs that have passed of {total}, {spans} the whole spans among them:
    学习率并非不变；{epochs} 表示已经过的轮数，总轮数为 {total}，{spans} 表示其中完整的周期数：
By the schedule constant {what}
    按不变（constant）的调度，{what}
By the schedule step {what}
    按阶梯（step）调度，{what}
By the schedule exponential {what}
    按指数（exponential）调度，{what}
By the schedule cosine {what}
    按余弦（cosine）调度，{what}
By the schedule inverse-time {what}
    按反比（inverse-time）调度，{what}
By the schedule warm-up {what}
    按预热（warm-up）调度，{what}

# Update rules
Each step goes against the gradient, as long as the rate says.
    每一步都逆着梯度走，步子的大小由学习率决定。
against the gradient, where the loss falls fastest
    逆着梯度，即损失下降最快的方向
A heavy ball: steps in one direction add up, steps to and fro cancel.
    像一个沉重的球：同向的步子累加，来回的步子抵消。
a part of the last step is kept, the new gradient step is added
    保留上一步的一部分，再加上新的梯度步
the parameters move by that step
    参数按这一步移动
the share of the last step that is kept
    上一步所保留的比例
The gradient is taken where momentum is about to lead; θ is that point, looked ahead to.
    梯度取在动量将要到达的地方；θ 就是这个预先看到的点。
the step, as with momentum
    步子，与动量法相同
and from there to where the next gradient is asked for
    再从那里走到下一次求梯度的地方
Each entry has a rate of its own, which falls with what the entry has moved.
    每个分量有自己的学习率，随该分量已移动的量而减小。
the squares of all gradients so far, entry by entry
    迄今所有梯度的平方和，按分量
rarely moved entries take longer steps
    很少移动的分量走较大的步子
keeps the divisor away from 0
    使除数不为 0
The step has the units of the parameters: the size of earlier steps over the size of gradients.
    步子与参数有相同的量纲：以往步子的大小除以梯度的大小。
a running average of the squared gradient, entry by entry
    梯度平方的滑动平均，按分量
the gradient in units of earlier steps
    以以往的步子为单位的梯度
a running average of the squared steps
    步子平方的滑动平均
in the original η = 1
    原文中 η = 1
how much of the averages is kept
    平均值所保留的比例
starts the steps, and keeps the divisor from 0
    使第一步得以迈出，并使除数不为 0
Adagrad with a memory that forgets, so that the steps do not die out.
    记忆会逐渐淡忘的 Adagrad，步子因而不会消失。
the gradient in units of its usual size
    以平常的大小为单位的梯度
how much of the average is kept
    平均值所保留的比例
Momentum and a rate for each entry, both unbiased from the first step on.
    既有动量，每个分量又有自己的学习率，两者从第一步起都是无偏的。
a running average of the gradient
    梯度的滑动平均
it started at 0, and its weights sum to the divisor
    它从 0 开始，其各项权重之和就是这个除数
and so did this
    这一个也是如此
about η an entry and step
    每步每个分量约移动 η
how much of the average gradient is kept
    梯度平均值所保留的比例
how much of the average square is kept
    平方平均值所保留的比例
Adam, with weight decay that its averages do not see.
    带权重衰减的 Adam，其平均值不受衰减影响。
weight decay, apart from the gradient
    权重衰减，与梯度分开
how strongly large parameters are drawn to 0
    把大的参数拉向 0 的强度

# Schedules
the rate stays
    学习率不变
the rate is multiplied by γ after every span
    每过一个周期，学习率乘以 γ
the length of a span in epochs
    一个周期的轮数
what a span multiplies the rate by
    每个周期学习率所乘的倍数
the rate falls by the same factor in every epoch
    学习率每轮按相同的倍数下降
what an epoch multiplies the rate by
    每轮学习率所乘的倍数
the rate falls along half a wave, to nothing or to a share of itself at the last epoch
    学习率沿半个余弦波下降，到最后一轮降为零或自身的一个比例
the share of the rate that is left at the end
    最后剩下的学习率的比例
the rate falls like 1/e, which sums to infinity while its squares do not
    学习率按 1/e 下降，其总和发散而平方和收敛
how fast it falls, per epoch
    每轮下降的快慢
the rate rises along a line to its full size, and stays there
    学习率沿直线升到最大值，然后保持不变
how long the rate rises
    学习率上升的轮数
the share of the rate to start with
    开始时学习率的比例

# What happened
What happened
    训练过程
The loss of an epoch is the mean over its mini-batches, each before its step; that of what is held out is taken behind
the epoch.
    一轮的损失是各小批量损失的平均值，每个小批量都取更新之前的值；留出样本的损失在这一轮结束之后计算。
The loss over the epochs; what is held out was never learned from.
    损失随轮数的变化；留出的样本从未用于学习。
Over {count} epochs the loss goes from {first} to {last}
    经过 {count} 轮，损失从 {first} 变为 {last}
epoch
    轮
rate
    学习率
loss
    损失
loss, held out
    损失（留出样本）
right of {count}
    正确数（共 {count}）
Every epoch.
    每一轮。
Every {number}th epoch, and the last.
    每 {number} 轮列出一轮，以及最后一轮。

# What it gets wrong
What it gets wrong
    错在哪里
true class
    真实类别
A row is the true class, a column the network’s answer; off the diagonal stand its {count} mistakes.
    行是真实类别，列是网络的回答；对角线以外是它的 {count} 个错误。
Answers on the samples held out.
    对留出样本的回答。
"""
