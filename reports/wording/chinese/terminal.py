"""The Chinese for what the terminal shows: of a derivation, of the answer to a formula, of a document.

Phrases that begin or end with a space, or with a mark, stand in `SMALL`.
"""

from __future__ import annotations

SMALL = {
    "; counted apart, since nothing is claimed: {aside}": "；不作论断、另行计数：{aside}",
    ", certified to {digits} digit": "，经证明精确到 {digits} 位数字",
    ", certified to {digits} digits": "，经证明精确到 {digits} 位数字",
    "; finite differences agree to {error}": "；与有限差分之差不超过 {error}",
    " (PDF by {engine}, 1 page)": "（PDF 由 {engine} 生成，共 1 页）",
    " (PDF by {engine}, {count} pages)": "（PDF 由 {engine} 生成，共 {count} 页）",
    "  ({note})": "  （{note}）",
    ", {steps} steps in {seconds} s": "，共 {steps} 步，用时 {seconds} 秒",
}

PHRASES = """# A batch
{file}: {done} of {count} equations
    {file}：已检验 {done}/{count} 个等式
{count} answered
    已回答 {count} 个
{count} answered ({resumed} of them by an earlier run)
    已回答 {count} 个（其中 {resumed} 个由之前的运行得到）
# The summary of a derivation
the report read itself back, and all of it holds: {counts}
    报告已自我回读，全部成立：{counts}
the report read itself back, {counts}; wrong or unread: {failed}, the first {text}: {found}
    报告已自我回读：{counts}；错误或读不懂的有 {failed} 处，第一处是 {text}：{found}
{count} claim
    {count} 个论断
{count} claims
    {count} 个论断
{count} definition
    {count} 个定义
{count} definitions
    {count} 个定义
{count} number
    {count} 个数
{count} numbers
    {count} 个数
which term of a sum is meant
    求和中指的是哪一项
an update of the parameters
    参数的更新
a slope beside a kink
    折点旁的斜率
the place of a kink
    折点的位置
a formula in words that explain another
    用来解释另一公式的文字中的公式
a name for what words define
    用文字定义之物的名称
an approximation
    近似
no derivative at this point
    在这一点没有导数
exact
    精确
{digits} digit
    {digits} 位
{digits} digits
    {digits} 位
{steps} steps by {rules} rules, each rechecked for every width
    共 {steps} 步，用到 {rules} 条规则，每一步都对任意宽度重新检验
index form, matrix form and entries agree in {entries} entries at {count} sets of widths
    分量形式、矩阵形式与逐个元素的形式在 {count} 组宽度、{entries} 个元素上一致
{right} of {count} gradients are right at the example point
    在示例点上，{count} 个梯度中有 {right} 个正确
[n]: n entries one by one, and all of them in sums with random signs; certified are all
    [n]：逐个比较 n 个元素，全部元素则以带随机正负号的和来比较；证明涵盖全部元素
wrong: gradient by {name}: {note}
    错误：对 {name} 的梯度：{note}
the loss is wrong: relative error {error}
    损失值是错误的：相对误差为 {error}
every gradient is 0 whatever the numbers are: {name} is flat, and descent learns nothing
    无论取什么数，所有梯度都为 0：{name} 处处平坦，梯度下降学不到任何东西
the gradients up to weight layer {layer} are 0 whatever the numbers are: {name} is flat there
    无论取什么数，直到第 {layer} 个权重层为止的梯度都为 0：{name} 在那里处处平坦
kink: {kink}
    折点：{kink}
{entry} is at a kink of {what}: {sides}
    {entry} 位于 {what} 的折点：{sides}
{entry} is close to a kink of {what}: {sides}
    {entry} 靠近 {what} 的折点：{sides}
and one more kink
    另有 1 个折点
and {count} more kinks
    另有 {count} 个折点
note: {note}
    注意：{note}
warning: {warning}
    警告：{warning}

# The answer to a formula
{kind}: {message}
    {kind}：{message}
{front}: {what}
    {front}：{what}
{what}: {list}
    {what}：{list}
{file}: {summary}
    {file}：{summary}
read
    读法
read as {notation}
    按 {notation} 记法读
as {notation}
    按 {notation} 记法
read by the definitions
    按给出的定义读
by the definitions
    按给出的定义
in no notation
    没有采用任何记法
input = {layer}
    输入 = {layer}
{name} is a scalar
    {name} 是标量
{name} is {size}
    {name} 为 {size}
{name} has {count} entry
    {name} 有 {count} 个分量
{name} has {count} entries
    {name} 有 {count} 个分量
grouped as {formula}
    结合为 {formula}
the widths are {widths}, for want of --layers
    没有给出 --layers，宽度取 {widths}
both sides are equal at random numbers of a finite field
    在有限域中随机取数，两边相等
were they not, that would be seen but for 1 chance in {odds}
    假如不相等，未被发现的机会只有 {odds} 分之一
infinitely many
    无穷
the two sides differ at the numbers below
    两边在下列数值处不相等
proved without numbers
    已证明，无需代入数值
proved for every width
    已对任意宽度证明
proved for the widths {widths}
    已就宽度 {widths} 证明
proved by exact algebra
    已由精确的代数运算证明
name the notation that is meant, as in --notation {name}
    请指明所用的记法，例如 --notation {name}
define it, or say what it depends on, as in -g 'L = L(y)'
    请定义它，或说明它依赖什么，例如 -g 'L = L(y)'
give it more time, as in --seconds 20
    请给更多时间，例如 --seconds 20
ask about smaller widths, or one entry at a time
    请改问较小的宽度，或每次只问一个元素
--explain shows how it was read; --assume states what it needs
    --explain 显示公式是怎样读的；--assume 给出所需的假设
to settle
    解决办法
nothing was checked
    没有作任何检验
relation {number}
    第 {number} 式
relation {number} of {count} is the first that is wrong
    共 {count} 个关系式，第 {number} 个最先出错
the mend
    改正
at
    取值
so that {values}
    于是 {values}
left
    左边
right
    右边
true
    正确值
yours
    所给的值
compared at {entry}
    在 {entry} 处比较
every digit shown is certain
    所示的每一位数字都是确定的
{values} and {count} more, which --explain shows
    {values}，另有 {count} 个，用 --explain 显示
widths
    宽度
also
    还有
time
    用时
{time} ms
    {time} 毫秒

# The table of a document
line
    行号
equation
    等式
note: line {line}: {message}
    注意：第 {line} 行：{message}
"""

WORDS = """named here
    在此命名
given: {fact}
    已知：{fact}
sizes: {arrays}
    大小：{arrays}
numbers: {names}
    标量：{names}
{target} does not depend on {letter}
    {target} 与 {letter} 无关
{name}: {count} samples to learn from, {held} held out, {classes} classes; {scaling}
    {name}：{count} 个样本用于学习，留出 {held} 个，共 {classes} 个类别；缩放方式为 {scaling}
{name}: {count} samples to learn from, {held} held out; {scaling}
    {name}：{count} 个样本用于学习，留出 {held} 个；缩放方式为 {scaling}
{name} with rate {rate}
    {name}，学习率 {rate}
batches of {count}
    每批 {count} 个
seed {number}
    种子 {number}
epoch {number}
    第 {number} 轮
loss {value}
    损失 {value}
held out {value}
    留出样本损失 {value}
{right} / {count} right
    {right} / {count} 正确
1 formula found correct
    1 个公式经检验正确
{count} formulas found correct
    {count} 个公式经检验正确
1 claim of the text found false
    发现原文有 1 个论断不成立
{count} claims of the text found false
    发现原文有 {count} 个论断不成立
1 number within its last digit
    1 个数值精确到最后一位
{count} numbers within their last digit
    {count} 个数值精确到最后一位
a sheet with {gaps} gaps, its solutions, and a quiz of formulas: {right} right, {wrong} wrong
    练习一份，共 {gaps} 个空，附答案；另有判断公式对错的测验：{right} 个正确，{wrong} 个错误
gradient by
    求导对象
certified
    已证明
no derivative here
    此处无导数
proved
    已证明
exact
    精确
probabilistic
    概率性
counterexample
    反例

# What is being done
deriving
    推导中
rechecking every step
    重新检验每一步
comparing the forms
    比较各种形式
comparing the three views
    比较三种形式
computing the gradients
    计算梯度
comparing with finite differences and the complex step
    与有限差分和复数步长法比较
comparing with finite differences, the complex step and balls
    与有限差分、复数步长法和球算术比较
measuring the error over the step size
    测量误差随步长的变化
comparing numbers
    比较数值
writing the document
    生成文档
reading the report back
    正在回读报告
making the exercises
    生成练习

# What is wrong with a gradient
float64 cannot hold the loss here, so that only the balls can check the gradients
    这里的损失超出了双精度浮点数的范围，梯度只能用球算术来检验
missing; an array of shape {a} was expected
    缺失；应为形状 {a} 的数组
is complex; real numbers were expected
    是复数；应为实数
has the shape {a}, not {b}
    形状为 {a}，而不是 {b}
entry {a} is {b}, the true value is {c}
    元素 {a} 为 {b}，正确值为 {c}
{a} ({b} entries are wrong)
    {a}（有 {b} 个元素是错误的）
the complex step
    复数步长法
{a}: {b} times the error that is allowed
    {a}：误差为允许值的 {b} 倍
{a} of {b} entries have no derivative here
    {b} 个元素中有 {a} 个在此处没有导数
rounding leaves {a} digits at this point
    由于舍入，在这一点上只剩 {a} 位数字
{a}: not available at this point
    {a}：在这一点上不可用
no example was found at which everything is defined
    没有找到使一切都有定义的例子
the example cannot be made to meet what was assumed
    无法使例子满足所作的假设
"""
