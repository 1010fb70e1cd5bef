"""The Chinese sentences of section 3 of a chapter, the derivation."""

from __future__ import annotations

SENTENCES = """derivation: 推导：从损失往回推
derivation-intro: 一个参数影响损失的方式是：先改变它所在的 {z}，再改变其后的一切。链式法则把一条路径上的各个变化率相
    乘，再把所有路径的贡献相加。许多路径的最后一段是相同的，都终止于损失。所以我们从那里开始，逐层往回走；
    凡是已经求出的量，对经过它的所有路径都可以使用：这就是反向传播。
from-loss: 从损失回到{layer}
from-layer: 从{later}回到{layer}
from-general: 从任意一层回到前一层
to-input: 回到输入
parameters-of: {layer}的权重与偏置
weights-of: {layer}的权重
biases-of: {layer}的偏置
# the outputs
ask-output: 输出 {a} 稍有变化时，损失怎样变化？输出就出现在损失函数 {definition} 之中，对它求导即得：
why-one-term: 求和中只有 {term} 的一项含有 {a}
why-several-sums: 求导；{a} 也出现在各个求和之中
loss-kink: 在损失函数的折点处导数不存在；该式在折点的两侧分别成立。
simpler: 合并各部分，可以写得更短：
why-simpler: 化简
# the error signal
ask-error-first: 再往回一步是预激活值 {z}。对它的导数将用于求{list}，所以给它一个名字，即该神经元的**误差信号**，
    并给它一种颜色，无论它在哪里再次出现都可以认出来：
for-weights: 权重的梯度
for-bias: 偏置的梯度
the-input: 输入
for-before: {layer}的导数
why-name: 为再次用到的量命名
path-own: 预激活值 {z} 只影响它自己那个神经元的激活值。把链式法则写成对该层所有神经元的求和（其中只有一项会留下）：
path-all: 预激活值 {z} 影响该层的*所有*激活值，因为它出现在分母的求和之中。所以链式法则给出一个和式，每条路径一项：
why-paths-own: 链式法则，对该层的激活值求和
first-known: 第一个因子已由 {known} 求得。为求第二个因子，对 {definition} 求导：
why-own: 神经元的激活值只取决于它自己的预激活值
why-own-linear: 线性：斜率处处相同
why-quotient: 商的求导法则：分子中只有该神经元自己，分母中有所有神经元
folded: 这两个分式都由激活值组成。用激活值来写，导数就很短：
why-folded: 用激活值表示
delta-first: 这里带两个下标的 {delta} 是**克罗内克 δ**：两个下标相等时为 1，否则为 0。对 {k} 求和时，它只留下 {k} 等
    于 {j} 的那一项；求和号因此消失：
delta-first-error: 这里带两个下标而没有层号的 {delta} 是**克罗内克 δ**：两个下标相等时为 1，否则为 0；
    它与误差信号 {error} 无关。对 {k} 求和时，它只留下 {k} 等于 {j} 的那一项；求和号因此消失：
delta-first-stays: 这里带两个下标的 {delta} 是**克罗内克 δ**：两个下标相等时为 1，否则为 0。对 {k} 求和时，
    它只留下 {k} 等于 {j} 的那一项。另一部分不含 δ，其求和保留下来：
delta-first-stays-error: 这里带两个下标而没有层号的 {delta} 是**克罗内克 δ**：两个下标相等时为 1，否则为 0；
    它与误差信号 {error} 无关。对 {k} 求和时，它只留下 {k} 等于 {j} 的那一项。另一部分不含 δ，其求和保留下来：
delta-again: 克罗内克 δ 只留下求和中的一项：
delta-again-stays: 克罗内克 δ 只留下它那个求和中的一项；另一个求和保留下来：
why-substituted: 代入
name-adjoint: 下一个求和中，这个导数会出现两次，所以给它一个自己的名字：
use-fact: 目标值的总和为 1，即 {fact}，这里正好用上：
why-fact-used: 因为 {fact}
cancel: 代入 {slope} 并约分：
why-cancel: 斜率约去
all-at-once: 对该层的所有神经元一并写出，其中 {odot} 表示逐行相乘：
all-at-once-again: 对所有神经元一并写出：
odot: 矩阵形式中的 {odot} 表示逐行相乘。
why-matrix: {source} 的矩阵形式
dot-number: 行向量乘列向量（如 {product}）得到一个数；它与列向量相加减时，是对每个分量分别加减。
# slopes
slope-first: {slope} 等于什么？对 {definition} 求导。结果可以用函数值本身来表示：
slope-known: {slope} 等于什么？这个函数的导数可以用函数值来表示：
slope-plain: {slope} 等于什么？对 {definition} 求导：
why-slope-closed: 因为 {power}
why-slope-value: 用 {value} 本身表示
why-slope-plain: 逐段求导
why-slope-smooth: 求导
slope-layer: 在{layer}的取值处，它可以由前向传播存下的值算出：
slope-layer-again: 斜率同样不需要新的计算：
why-slope-layer: 取存下的值
slope-kink: 在折点 {place} 处函数没有导数：左侧斜率为 {left}，右侧斜率为 {right}。最后一种情形在那里给出的 {value}
    只是约定，并未经过证明；两侧斜率之间的任何一个数（**次梯度**）都同样可用。
slope-zero: 凡是有斜率的地方，斜率都是 0。所以没有任何信号能穿过这样的层往回传：它自己的参数以及它前面一切参数的梯度
    都是 0，梯度下降法无法训练它们。
# the weights
ask-weight: 由误差信号怎样得到权重的梯度？权重 {w} 只出现在它自己那个神经元的加权和 {z} 中。由链式法则，对该层的每个
    加权和各有一项：
why-paths-sums: 链式法则，对该层的加权和求和
why-weight: {a} 是与 {w} 相乘的量
first-named: 第一个因子是误差信号 {delta}，见 {name}。为求第二个因子，对 {definition} 求导：
outer: 矩阵形式是列向量乘行向量：行对应权重*通向*的神经元，列对应权重*来自*的神经元。
outer-appended: 矩阵形式是列向量乘行向量。输入末尾的 1 给出最后一列，即对偏置的导数。
ask-bias: 偏置 {b} 以系数 1 加在同一个和上。链式法则及其第二个因子为
ask-bias-only: 偏置 {b} 以系数 1 加在它自己那个神经元的和 {z} 上：
why-bias: 只有它自己那个神经元的和含有 {b}，系数为 1
bias-is-error: 求和中同样只留下一项。对偏置的导数*就是*误差信号：
same-steps: 与{first}相同的步骤，对{layer}给出：
same-steps-parameters: {layer}的权重与偏置，推导步骤与{first}相同，结果也相同：
same-steps-weights: {layer}的权重，推导步骤与{first}相同，结果也相同：
same-steps-biases: {layer}的偏置，推导步骤与{first}相同，结果也相同：
why-like: 与{first}相同
why-like-both: 与{first}相同，两种形式都是如此
# back through a layer
ask-activation: {what}变化时，损失怎样变化？它只能通过{later}的加权和影响损失，而且会影响其中*每一个*{trace}。
    所以链式法则给出一个和式，每条路径一项：
ask-activation-single: {what}变化时，损失怎样变化？它只能通过{later}影响损失，而这一层只有一个神经元{trace}；
    链式法则仍按任意多个神经元来写，每条路径一项：
ask-activation-own: {what}变化时，损失怎样变化？通向{later}的连接没有权重：它只能通过{later}中接收它的那一个神经元影
    响损失。把链式法则写成和式（其中只有一项会留下）：
why-paths: 链式法则；经过{layer}的各条路径
why-path-weight: 求和中只有一项含有 {a}
why-path-one: 原样接收
no-delta: 这里不会只留下一项：{later}的每个神经元都有贡献，求和保留下来：
transpose: 为什么要转置？求和是对 {w} 的*第一个*下标进行的，即对权重*通向*的神经元求和；而矩阵乘列向量是对第二个下标
    求和。把矩阵转置，两个下标就互换了：
transpose-appended: 这里的 {w} 不含偏置那一列：该层之前的量不会通过补上的 1 影响损失。
transpose-again: 求和仍是对权重的第一个下标进行的：
error-here: 再往回一步，{z} 只影响它自己那个神经元的激活值，与{first}的情形相同。所以{layer}的误差信号只多一个因子，
    即激活函数的斜率：
error-here-all: 再往回一步，{z} 影响该层的每个激活值，与{first}的情形相同。所以{layer}的误差信号为
error-here-linear: 再往回一步，{z} 只影响它自己那个神经元的激活值，与{first}的情形相同，而{layer}的激活函数是线性的：
ask-error-layer: 再往回一步是{layer}的预激活值 {z}，其误差信号为
in-numbers: 代入{section}的数值：{list}。
input-intro: 输入可以像任何一层那样处理；对它的导数说明损失对输入的每个分量有多敏感。
input-intro-same: 输入可以像前面的任何一层那样处理：与{first}相同，
general-intro: 从这里起不再有新的内容。对{layers}（编号都写作 {l}），推导步骤与{first}相同：
general-intro-own: 对{layers}（编号都写作 {l}），同样的步骤给出：
general-intro-shifted: 从这里起不再有新的内容。对{layers}（以 {l} 表示通向该层的权重的编号），推导步骤与{first}相同：
general-intro-own-shifted: 对{layers}（以 {l} 表示通向该层的权重的编号），同样的步骤给出：
general-table: 所以其余各层的结果可以直接列出（{table}）：每一行由它上面的一行得到。
table-rest: 其余各层，从损失往回
column-layer: 层
column-error: 误差信号
column-weights: 权重
column-biases: 偏置
the-activation: {layer}某个神经元的激活值 {a}
the-entry: 输入 {a}
"""
