"""The Chinese for what is said about the formulas of a document: notes, comments to the checker, macros."""

from __future__ import annotations

WORDS = r"""no equation: nothing is claimed to be equal
    不是等式：没有断言任何相等
a definition needs one symbol on its left side
    定义的左边必须是一个符号
what follows the last equality is no equation
    最后一个等号之后的部分不是等式
assumed from here on
    从这里起作为假设
there is nothing to compare: an equation A = B is needed
    没有可比较的内容：需要形如 A = B 的等式
replaces what was defined in {a}
    取代 {a} 中的定义
this uses {a}, whose definition in line {b} cannot be read
    这里用到 {a}，而它在第 {b} 行的定义无法读懂
more than {a} equations: the rest is not read
    等式超过 {a} 个：其余的不再读取
{a} is taken as a function of {b}: nothing defines it
    {a} 视为 {b} 的函数：文中没有定义它
with what is defined behind it, in line {a}
    用到了后面第 {a} 行的定义
left {a}, right {b}
    左边 {a}，右边 {b}
a comment may define one symbol, as in “derive: define s = a + b”
    一条注释可以定义一个符号，例如“derive: define s = a + b”
in a text about a network nothing can be defined: write “% derive: given”
    讲网络的文档中不能另作定义：请写“% derive: given”
a recursion: each step follows from the one before (% derive: claim asks all the same)
    递推：每一步由前一步得出（要检验，请写 % derive: claim）
is this an entry of what line {a} defines, or a symbol of its own (% derive: define)?
    这是第 {a} 行所定义的量的一个元素，还是另一个符号（% derive: define）？
{a} is differentiated here, but no display defines it; a comment may: {b}
    这里对 {a} 求导，但没有公式定义它；可以用注释定义：{b}

# Comments to the checker
“derive: {a}” stands alone; {b} was found behind it
    “derive: {a}”应单独写，后面却有 {b}
“derive: {a}” is not known (known: {b})
    未知的“derive: {a}”（可用的有：{b}）
“derive: shape” needs a name and its sizes, such as W m n
    “derive: shape”需要名称和大小，例如 W m n
the sizes of {a} must be at most six numbers or letters, not {b}
    {a} 的大小最多是六个数或字母，而不是 {b}
“derive: network” takes key=value, not {a}
    “derive: network”的形式为“键=值”，而不是 {a}
a network has no {a} (known: {b})
    网络没有 {a} 这一项（可用的有：{b}）
a constant of {a} is no number: {b}
    {a} 的一个常数不是数：{b}
bias must be true or false, not {a}
    bias 必须是 true 或 false，而不是 {a}
first-layer must be a whole number, not {a}
    first-layer 必须是整数，而不是 {a}

# Macros and files
the macro {a} takes its arguments in a way that is not read here
    不支持宏 {a} 取参数的方式
with its macros the formula is longer than {a} characters
    展开宏之后，公式超过 {a} 个字符
with its macros this has {a} characters; {b} are read
    展开宏之后有 {a} 个字符；最多读取 {b} 个
the macro {a} is defined by itself
    宏 {a} 的定义用到了它自己
macros are nested more than {a} deep
    宏的嵌套超过 {a} 层
more than {a} macros in one formula
    一个公式中的宏超过 {a} 个
the macro {a} needs {b} arguments
    宏 {a} 需要 {b} 个参数
the file has {a} bytes; at most {b} are read
    文件有 {a} 字节；最多读取 {b} 字节
byte {a} is not UTF-8; the file is read as Latin-1
    第 {a} 个字节不是 UTF-8；文件按 Latin-1 读取
displays
    独立公式
formulas and macros that never end
    没有结束的公式和宏
too many {a}: the rest is not read
    {a}太多：其余的不再读取
\iffalse has no \fi; the rest is not read
    \iffalse 没有对应的 \fi；其余的不再读取
{a}{{b}} is not followed: give that file too
    不会去读 {a}{{b}}：请把那个文件也给出
\begin{{a}} is never ended; the rest is not read
    \begin{{a}} 没有结束；其余的不再读取
{a} is not ended before the paragraph ends, or has more than {b} characters
    {a} 到段落结束还没有结束，或者超过 {b} 个字符
{a}; what this formula states is not known
    {a}；因此不知道这个公式说的是什么
"""
