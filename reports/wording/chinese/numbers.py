"""The Chinese sentences of a chapter about entries, numbers, checks and the program."""

from __future__ import annotations

SENTENCES = """# 5 Entries
entries: 所有元素
entries-some: 部分元素
entries-all: 按该网络的宽度可以把求和逐项写开。这样每个梯度都是前向和反向传播中已经求出的数的乘积；误差信号只算一
    次，供各处共用。
entries-few: 按该网络的宽度可以把求和逐项写开。{total} 个梯度中只列出一部分，即每一类的第一个；其余的只是下标不同：
entries-smallest: 按该网络的宽度可以把求和逐项写开。{total} 个梯度中列出{layer}（参数最少的层）的全部，以及其他各层
    每一类的第一个：
entries-too-long: 超过 {most} 项的求和不再逐项写开。
entries-errors: 误差信号，从损失往回：
table-entries: {gradient}：行是权重*通向*的神经元，列是它*来自*的神经元
table-entries-bias: {gradient}：行是权重*通向*的神经元，列是它*来自*的神经元；最后一列是 {bias}
table-entries-bias-only: 各神经元的 {bias}
column-to: 通向
column-bias: 偏置
entries-input: 对输入的梯度：
expanded: 完全展开，即除函数名外，把每个名字都换成它所代表的式子，每个元素就成为只含输入、目标值和参数的式子。
    它的长度随网络中路径的数目而增长：
expanded-some: {total} 个元素中其余的 {count} 个或者更长，或者与这些类似，从略。
expanded-none: 完全展开，即把每个名字都换成它所代表的式子，每个元素都会长得不便阅读，所以一个也不印出；在 Python 中
    可用 `d.entry(…, expand=True)` 得到。

# 6 Numbers
numbers: 数值例子
numbers-intro: 参数、输入和目标值取如下的值，前向和反向各算一遍。计算采用双精度；印出的数四舍五入到 {digits} 位有效
    数字。
numbers-large: 随机选取参数、输入和目标值，前向和反向各算一遍。数值太多，无法全部印出：{table} 对每个数组给出它的长度
    （各元素平方和的平方根）和最前面的几个元素，四舍五入到 {digits} 位有效数字。
numbers-constant: 有一个常数：{list}。
numbers-constants: 常数为：{list}。
numbers-forward: **前向**：{layer}的第一个神经元的加权和为
numbers-forward-then: 它送出
numbers-loss: 损失为 {loss}。
numbers-backward: **反向**：{layer}第一个神经元的误差信号为
numbers-back: 往回一层，{layer}第一个神经元的误差信号为
numbers-weight: 由此得到{layer}第一个权重的梯度
numbers-bias: 由此得到{layer}第一个偏置的梯度
numbers-table: 逐个神经元列出前向传播的值和反向传回的值
numbers-summary: 长度与最前面的几个元素
numbers-rest: 每个神经元都照此计算（{table}），梯度随之得出。
column-neuron: 神经元
column-slope: 斜率
column-array: 数组
column-entries: 元素数
column-length: 长度
column-first: 前几个元素
graph-told: {figure} 把全部计算画成一张图。沿箭头向前走，每个节点得到它的值；往回走，每个节点得到 {loss} 对它的
    导数：对每条从它出发的箭头，用箭头所指节点的导数乘箭头上的数，再把这些积加起来。
graph-weights: 指向加权和的箭头上写的是权重。
figure-graph: 例子的计算图。每个节点内自上而下：它的字母、它的值、{loss} 对它的导数；每条箭头上是局部导数，即箭头所指
    的量对箭头起点的量的导数。数值四舍五入到 {digits} 位有效数字。
figure-graph-alternative: 自左向右的计算图，有 {nodes} 个节点和 {arrows} 条箭头：先是输入，然后是各层的加权和与激活值，
    最后是损失。每个节点写有两个数，每条箭头写有一个数。
heat-told: 画成图来看：{weights}是权重，{gradients}是误差信号和对权重的梯度。梯度是一列乘一行，所以它的各行都是
    同一个图案，即该层之前的激活值的图案：深浅与正负由该行的误差信号决定。
heat-pale: 各图共用一个色标；{list} 按此色标太小，因此全为白色，其元素的绝对值至多为 {most}。
figure-weights: 权重：红色为正，蓝色为负，颜色越深，绝对值越大。
figure-gradients: 误差信号和梯度，从损失往回，共用一个色标。颜色按平方根变化，好让小的数也看得出来；
    绝对值小于 {least} 的为白色。
heat-first: 超过 {most} 行或列的，只画出最前面的 {most} 行或列。
heat-layers: 各层中画出最前两层和最后两层。
figure-weights-alternative: 由彩色小格组成的矩阵，每个权重一格：{sizes}。
figure-gradients-alternative: 表示误差信号的彩色小格列，每列之后是一个梯度矩阵，它的各行重复同一个图案：{sizes}。
numbers-step: 逆着梯度走一步会使损失下降：学习率取 {rate} 时，损失从 {before} 降到 {after}。

# 7 The check
check: 检验的方法
check-proof: 这一切都不靠信任。推导的 {steps} 步中，每一步都由另一个程序重新检验；它的{rules}与前一个程序没有任何共
    用的代码。只有当一步对任意多个神经元都能由其前提推出时，它才予以承认。
check-rules: {count} 条规则
check-views: 分量形式、矩阵形式和逐项写开的元素，作为精确的式子逐个元素相互比对：共 {entries} 个元素，
    所用的网络为 {widths}。
check-numbers: 然后，把{program}的程序算出的梯度与另外三种计算作比较。这三种计算对推导一无所知，只知道前向传播，
    计算的点就是{point}中的点。**中心差分**让每个参数稍作变化，观察损失。**复数步长法**让参数沿虚数方向变化，
    因而没有相减抵消。**球算术下的反向模式**用保证包含真值的区间来计算，从而证明每个梯度有多少位数字是正确的。
check-followed: 元素很多的数组，前两种计算只用于其中的 {followed} 个元素，以及全部元素带随机正负号的和。
table-check: 每个数组相对于每种计算的最大相对误差
column-differences: 差分
column-complex: 复数步长
column-certified: 已证明
column-digits: 位数
column-verdict: 结论
not-available: –
below-rounding: 舍入误差
exactly-zero: 恰为 0
verdict-ok: 正确
verdict-failed: **错误**
verdict-kink: 无导数
check-widths: {list}
check-widths-deep: 与此同样深、每层一至三个神经元的网络
check-left-out: 其余 {count} 个数组也都正确，表中从略。
curve-name: 中心差分
check-loss: 损失值相符，相对误差为 {error}。
check-loss-exact: 损失值直到最后一位都相符。
check-ok: 每个元素都经过证明，每个元素都正确。
idle: 无论取什么数，所有梯度都为 0，因为 {name} 函数凡有斜率之处斜率都为 0：梯度下降在这里学不到任何东西。
idle-up-to: 无论取什么数，直到{layer}为止的梯度都为 0，因为 {name} 函数凡有斜率之处斜率都为 0：
    梯度下降在那里学不到任何东西。
check-not-ok: 并非每个元素都能得到确认：
kink: {entry} = {value} 位于 {name} 函数的折点：{sides}。
kink-near: {entry} = {value} 离 {name} 函数的折点太近，差分会跨过折点：{sides}。
kink-loss: {entry} = {value} 位于损失函数的折点：{sides}。
kink-loss-near: {entry} = {value} 离损失函数的折点太近，差分会跨过折点：{sides}。
check-kinks: 在这一点上有折点，那里导数不存在；与之有关的元素既不算正确，也不算错误：
check-warning: 请注意：{warning}。
check-note: {note}。
check-curve: 中心差分需要选定步长。步长太大会受损失函数弯曲的影响，太小会受末位舍入的影响；{figure} 显示了两者之间的
    误差。所用的步长 {step} 由舍入误差和三阶导数得出。
figure-curve: 中心差分的相对误差随步长的变化，取的是所有参数的空间中的一个方向。
figure-curve-alternative: 一条曲线：步长从 0.1 缩小时先下降，在 {step} 附近达到最小值，然后重新上升。

# 8 The code
code: 程序
code-intro: 上面的矩阵方程，由程序写成的程序。数学式中的一列在这里是一行：{x} 和 {y} 的每一行是一个样本，
    所以一次调用就算完整批样本。每个梯度都对样本求和{dx}。
code-letters: 代码中权重层从 1 开始编号，并且不论采用哪种记法都用同一套字母：{list}，等等。
code-dx: ，只有对输入的梯度例外，它对每个样本各有一行
code-constants: 常数 {list} 是它最后的参数。
code-caption: 损失及其全部梯度
code-cut: 程序的中间部分在此略去：它只是对中间各层重复同样的几行。
loop-intro: 梯度之和除以样本数就是梯度的平均值，学习率因而不必随批量的大小而改变。写成程序：
loop-caption: 梯度下降
loop-update: 学习就是重复同一个步骤：算出梯度，让每个参数逆着自己的梯度移动一点。以学习率 {rate}，对一批 {count} 个
    样本，一步就是
why-update: 其余每个参数都照此更新
samples: 样本
loop-batches: 如果 {x} 中是全部样本，这就是批量梯度下降；如果每一步只随机抽取其中几个，就是随机梯度下降：
    需要更多的步数，但每一步所花的时间少得多。
"""
