"""The Chinese for what the reader of LaTeX says where it cannot read a formula."""

from __future__ import annotations

WORDS = r"""a control character
    控制字符
the formula has {a} characters; at most {b} are read
    公式有 {a} 个字符；最多读取 {b} 个
{a} is a command for TeX, not part of a formula; it is not obeyed
    {a} 是给 TeX 的命令，不是公式的一部分；它不会被执行
a backslash that begins no command
    反斜杠之后没有命令
the command \{a} is not known
    未知的命令 \{a}
the command {a} is not known
    未知的命令 {a}
{a} needs its argument in braces
    {a} 的参数要放在花括号中
the argument of {a} is too long
    {a} 的参数太长
the brace behind {a} is never closed
    {a} 之后的花括号没有闭合
a $ within \text that has no partner
    \text 中的 $ 没有成对
{a} is not read
    不支持 {a}
{a} has no meaning here
    {a} 在这里没有意义
the name of this environment is not understood
    无法理解这个环境的名称
the name within \operatorname is not understood
    无法理解 \operatorname 中的名称
more than {a} accents on one letter
    一个字母上的重音符号超过 {a} 个
a number of {a} digits; at most {b} are read
    一个数有 {a} 位数字；最多读取 {b} 位
\frac without braces takes single digits
    \frac 不带花括号时只接受一位数字
this may be a power of ten or a multiple of e: write 10^{…} or e^{…}
    这可能是十的幂，也可能是 e 的倍数：请写 10^{…} 或 e^{…}
± stands for two formulas at once
    ± 同时表示两个公式
∓ stands for two formulas at once
    ∓ 同时表示两个公式
a limit is not read
    不支持极限
an integral is not read
    不支持积分
a binomial coefficient is not read
    不支持二项式系数
a factorial is not read
    不支持阶乘
a remainder is not read
    不支持取余
a percentage is not read
    不支持百分数
what is crossed out is not read
    不支持划去的内容
a logical sign is not read
    不支持逻辑符号
a set operation is not read
    不支持集合运算

# Brackets, bars, environments
no bracket follows
    后面没有括号
no bracket follows this size
    这个大小命令之后没有括号
a bracket that opens to the wrong side
    括号的方向反了
this bracket is never closed
    这个括号没有闭合
this bracket does not close “{a}”
    这个括号与“{a}”不配对
this bar is never closed; KL(p ‖ q) and the like are not read: write out what they mean
    这条竖线没有闭合；不支持 KL(p ‖ q) 之类的写法：请写出它的含义
the closing {a}
    闭合的 {a}
a closing brace } without an opening one
    右花括号 } 没有对应的左花括号
a brace { that is never closed
    左花括号 { 没有闭合
expected the comma of \langle a, b \rangle
    \langle a, b \rangle 中缺少逗号
expected the place behind \left. … \right|
    \left. … \right| 之后应写明取值处
expected \left. to go on with the line before
    要接着上一行，这里应有 \left.
a relation in brackets: an indicator is written [·] or \mathbb{1}[·]
    括号中有关系式：示性函数写作 [·] 或 \mathbb{1}[·]
the environment {a} is not read within a formula
    公式中不支持环境 {a}
\begin{{a}} is never ended
    \begin{{a}} 没有结束
\begin{{a}} is ended by \end{{b}}
    \begin{{a}} 以 \end{{b}} 结束
these words are not understood as a condition
    这些文字不能理解为条件
a condition needs a relation, such as z > 0
    条件应当是一个关系式，例如 z > 0
brackets and scripts nested more than {a} deep
    括号和上下标的嵌套超过 {a} 层

# Signs and factors
\not is read in front of = and \in only
    \not 只支持写在 = 和 \in 之前
{a} is read over a relation only
    {a} 只支持写在关系符号之上
more than {a} {b}
    {b}超过 {a} 个
signs in a row
    连续的正负号
slashes in one product
    一个乘积中的斜线
bars in a row
    连续的竖线
upper scripts on one base
    同一个底上的上标
a minus in front of braces that nobody sees: brackets are needed
    负号后面是印不出来的花括号：这里需要括号
nothing follows “{a}”
    “{a}”之后没有内容
nothing follows the slash
    斜线之后没有内容
nothing follows \forall
    \forall 之后没有内容
nothing follows this sign
    这个符号之后没有内容
nothing follows that could be differentiated
    后面没有可以求导的内容
a number behind a factor: write \cdot in front of it, or _ if it is an index
    因子之后是一个数：请在它前面写 \cdot；如果是下标，则写 _
braces that nobody sees beside a slash: use brackets
    斜线旁边是印不出来的花括号：请用括号
a bracket in braces that nobody sees, behind a letter: leave the braces out
    字母之后是印不出来的花括号，里面有括号：请去掉花括号
braces that nobody sees end what a sum or d/dx reaches
    印不出来的花括号截断了求和或 d/dx 的作用范围
a sum, or a product of another kind, in braces that nobody sees: use brackets
    印不出来的花括号中是和式或另一种乘积：请用括号
a bar behind braces that nobody sees: use brackets
    印不出来的花括号之后是竖线：请用括号
several factors in braces that nobody sees: use brackets
    印不出来的花括号中有几个因子：请用括号
a sum in braces that nobody sees: brackets are needed
    印不出来的花括号中是和式：这里需要括号
an argument in braces that nobody sees: brackets are needed
    自变量放在印不出来的花括号中：这里需要括号
expected a group in braces
    这里应是花括号括起的一组
an empty part of a fraction
    分式有一部分是空的
an empty root
    根号下是空的
empty braces
    空的花括号
a ∂ that is part of no derivative ∂…/∂…
    这个 ∂ 不属于任何导数 ∂…/∂…
a ∂ directly behind a ∂
    ∂ 之后又是 ∂
the order of this derivative is not understood
    无法理解这个导数的阶数
\underset is read only under a sum, a product, a maximum or a minimum
    \underset 只支持写在求和、求积、最大值或最小值之下
nothing under this sign says what it runs over
    这个符号之下没有写明取遍什么
a matrix directly behind a letter: a sign is needed between them
    字母之后直接是矩阵：两者之间需要一个符号
this is neither a product nor an indicator
    这既不是乘积，也不是示性函数
the words “{a}” are not understood here
    这里的文字“{a}”无法理解
the word “{a}” is not understood here
    这里的“{a}”无法理解
this is no argument of {a}
    这不是 {a} 的自变量

# Scripts
an accent ({a}) over more than one letter
    重音符号（{a}）之下不止一个字母
a script on braces around more than one sign: brackets are needed to say of what
    花括号中不止一个符号而带有上下标：需要用括号说明它属于什么
a script on an operator d/dx: brackets are needed to say of what
    算子 d/dx 带有上下标：需要用括号说明它属于什么
expected a letter behind the scripts on its left, found {a}
    左上下标之后应是字母，却是 {a}
scripts on the left of something that is no letter
    左上下标写在了不是字母的东西前面
a second script on the same side of a sign
    符号的同一侧有两个上标或两个下标
without braces TeX takes only the first digit of {a}: write {{b}}
    没有花括号时，TeX 只取 {a} 的第一位数字：请写 {{b}}
a script or an argument is missing here
    这里缺少上下标或参数
a second upper script: braces are needed to say which belongs to what
    又一个上标：需要用花括号说明各属于什么
a second lower script: braces are needed to say which belongs to what
    又一个下标：需要用花括号说明各属于什么
an empty script
    空的上下标
a power within an upper script: brackets are needed to say of what
    上标中又有幂：需要用括号说明它属于什么

# Statements
a factor, or the number of the equation? write \cdot or \tag
    这是因子，还是等式的编号？请写 \cdot 或 \tag
two formulas joined by “or”
    两个公式用“或”连接
this is neither an equation nor part of the one before it
    这既不是等式，也不是前一个等式的一部分
this is neither an equation nor part of the one behind it
    这既不是等式，也不是后一个等式的一部分
a list that is no range such as 1, …, n
    这个列表不是 1, …, n 这样的范围
there is no formula
    没有公式
the formula is nested too deep to be read here
    公式嵌套太深，无法读取
{a} where a formula goes on or begins
    这里应是公式的开头或后续，却是{a}
expected {a}, found {b}
    这里应为 {a}，却是 {b}
the end
    结尾
the end of the group ({a})
    这一组的结尾（{a}）
the words “{a}”
    文字“{a}”
a closing bracket
    右括号
a closing brace
    右花括号
a relation
    关系符号
a comma
    逗号
a line break \\
    换行符 \\
a column mark &
    列分隔符 &
a full stop
    句号
an ellipsis, which leaves open what stands in its place
    省略号，没有说明省去了什么
"""
