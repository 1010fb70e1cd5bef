"""The Chinese phrases of worked examples: the coloured recursion, and handwritten digits."""

from __future__ import annotations

PHRASES = """# A deep small network
A deep small network
    一个小而深的网络
biases appended: what recurs, in colour, and what it saves
    偏置并入权重：反复出现的量用颜色标出，以及由此节省的计算
Forward, entry by entry
    前向，按分量写出
The inputs of every layer get a 1 appended, and the last column of its weights multiplies that 1: so a bias is a weight
like any other. {w} leads from {k} to {j}, from layer {l} on.
    每一层的输入末尾补上一个 1，权重矩阵的最后一列与这个 1 相乘：于是偏置与其他权重没有区别。{w} 从第 {l} 层出发，
    由 {k} 通向 {j}。
The network 2-3-2-1; the 1 above a layer is what is appended to it.
    2-3-2-1 网络；层上方的 1 就是补上的那个 1。
Two inputs, hidden layers of three and of two neurons, one output; a 1 is joined to each layer but the input.
    两个输入，两个隐藏层分别有三个和两个神经元，一个输出；除输入层外，每一层都与一个 1 相连。
Backward, entry by entry
    反向，按分量写出
How does each weight change the error? The chain rule gives for the last layer what the output changes, the slope of the
activation, and what the weight multiplies:
    每个权重怎样影响误差？对最后一层，链式法则给出三个因子：输出的影响、激活函数的斜率，以及该权重所乘的量：
The factor in {colour} is the same in all of them. One layer back it stands again, in every line, with a weight and a
slope behind it:
    {colour}的因子在各式中都相同。往回一层，它又出现在每一行，后面再跟一个权重和一个斜率：
What recurs gets a name
    为反复出现的量命名
What every line of a layer takes from the line above is called {psi}, one for each neuron:
    某一层的每一行从上一行取来的量称为 {psi}，每个神经元一个：
Another layer back both of these recur, and the paths through both neurons are added:
    再往回一层，这两个量都再次出现，经过两个神经元的路径相加：
With these names all lists of derivatives are short. Each column is what a weight multiplies:
    有了这些名字，所有的导数表都很短。每一列是权重所乘的量：
The entries of {gradient}: a row for each neuron that the weights lead to.
    {gradient} 的元素：权重所通向的每个神经元一行。
The recursion
    递推
The colours say how to go on, however deep the network is. Start at the last layer:
    不论网络有多深，颜色都说明了怎样继续。从最后一层开始：
what the output changes, times the slope
    输出的影响，乘以斜率
The gradient of a layer is its {psi}, times its inputs as a row:
    一层的梯度等于它的 {psi} 乘以写成行向量的输入：
To go back a layer, multiply by its weights without the column of the biases, for no neuron of the layer before feeds
the appended 1; then, row by row, by the slope:
    往回一层，先乘以去掉偏置列的权重矩阵（前一层没有神经元影响补上的 1），再逐行乘以斜率：
For the sigmoid the slope needs nothing but what the way forward has left:
    对 sigmoid，斜率只需要前向传播留下的值：
One neuron more: 2-3-3-1
    多一个神经元：2-3-3-1
The second hidden layer now has three neurons: a line more in every list, a path more in every sum.
    现在第二个隐藏层有三个神经元：每张表多一行，每个和式多一条路径。
Written for whole layers, nothing has changed at all:
    对整层来写，则没有任何改变：
The same as a loop
    写成循环
Three lines do it: where to start, how to go back a layer, and what the gradient of a layer is.
    只需三行：从哪里开始，怎样往回一层，以及一层的梯度是什么。
It runs alone, and compares every entry with central differences.
    它可以单独运行，并把每个元素与中心差分作比较。
What it costs
    代价
Why not just shake every weight a little and see what the error does? Because there are so many. The text speaks of
{weights} weights that are updated {updates} times. The network {widths}, with a bias for each neuron, has exactly that
many.
    为什么不干脆让每个权重稍作变动，看看误差怎样变化？因为权重太多了。原文说有 {weights} 个权重，
    要更新 {updates} 次。每个神经元带一个偏置的 {widths} 网络恰好有这么多。
*Counted.* Shaking one weight takes a pass forward of its own, and one more is needed to compare with: {passes} for one
update; with a shake to either side, which is far more exact, {central}. Going forward and back once takes {both}
multiplications and additions, a pass forward alone {forward}: that is {ratio} times as much, for all derivatives
together.
    **计数**：变动一个权重需要单独做一次前向传播，另外还要一次用来比较：一次更新共需 {passes} 次；如果向两边各变动一
    次（精确得多），则需 {central} 次。前向和反向各一次，共需 {both} 次乘加运算，单独一次前向需 {forward} 次：
    求出全部导数的代价只是它的 {ratio} 倍。
*Measured.* On the machine that made this report, a pass forward of that network took {forward} ms, one forward and back
{both} ms: one sample, the fastest of {count} calls. Another machine has other figures; what follows is arithmetic.
    **实测**：在生成本报告的机器上，该网络的一次前向传播用时 {forward} 毫秒，前向加反向一次用时 {both} 毫秒：
    一个样本，取 {count} 次调用中最快的一次。换一台机器数字会不同；以下只是算术。
a shake of each weight
    每个权重变动一次
a shake to either side
    向两边各变动一次
forward and back
    前向加反向
one update, seconds
    一次更新（秒）
all updates, hours
    全部更新（小时）
all updates, years
    全部更新（年）
The cost of one update and of all {updates}, from the measured passes.
    一次更新以及全部 {updates} 次更新的代价，由实测的用时推算。
Going back is {share} times as fast as shaking every weight once, on this machine; and unlike shaking, it is exact but
for rounding.
    在这台机器上，反向传播比逐个变动权重快 {share} 倍；而且与变动不同，除舍入外它是精确的。

# Handwritten digits
Handwritten digits
    手写数字
784-100-40-10 after Nielsen: shapes of one pass, mini-batches, epochs
    仿照 Nielsen 的 784-100-40-10 网络：一次传播中的形状，小批量，轮
A picture of a digit is {dots} numbers, one for each of 28 times 28 dots; {ten} outputs say how much it looks like each
digit. Between them stand two hidden layers, of {first} and {second} neurons. How many numbers are there to learn?
{weights} weights and {biases} biases.
    一幅数字图像是 {dots} 个数，对应 28 乘 28 个像素；{ten} 个输出说明它与每个数字有多像。中间是两个隐藏层，
    分别有 {first} 个和 {second} 个神经元。要学习的数有多少？{weights} 个权重和 {biases} 个偏置。
One pass, matrix by matrix
    一次传播，逐个矩阵来看
What must have which shape, so that all the products fit? These are the equations of the derivation, proved for layers
of any width:
    各个量应当是什么形状，才能使所有乘积都相容？推导所得的方程如下，对任意宽度的层都经过证明：
Every matrix and column of one pass, layer by layer: forward downwards, then backward. Sides are drawn by the square
roots of their numbers, so that 10 can be seen beside 784.
    一次传播中的每个矩阵和列向量，逐层画出：先自上而下为前向，然后是反向。边长按个数的平方根画，以便在 784 旁边也能
    看见 10。
Rectangles for all weights, biases, sums, activations and error signals with their letters and sizes: three rows
forward, and three rows backward with the gradients.
    所有权重、偏置、加权和、激活值与误差信号的矩形，标有字母和大小：前向三行，反向连同梯度三行。
A product fits where two sides that meet are equal; the outer sides are those of the result.
    相邻的两边相等时乘积才相容；外侧的两边就是结果的边。
Learning in small batches
    用小批量学习
The samples are shuffled, and cut into batches of {m}. After each batch all weights go a step against the mean gradient
of that batch; when all batches are used, an *epoch* is over.
    把样本打乱，分成每批 {m} 个。每批之后，所有权重逆着该批的平均梯度走一步；所有批都用过之后，就完成了**一轮**。
The program
    程序
The program is Nielsen's in its parts and their names: `SGD` shuffles and cuts, `update_mini_batch` takes a step,
`backprop` is the four equations for one sample, and `evaluate` counts the right answers.
    程序的各部分及其名称都沿用 Nielsen：`SGD` 打乱并分批，`update_mini_batch` 走一步，`backprop` 对一个样本计算四个
    方程，`evaluate` 统计正确的回答。
It runs alone, with the digits that come with scikit-learn, which have 8 times 8 dots.
    它可以单独运行，使用 scikit-learn 自带的数字图像，每幅为 8 乘 8 个像素。
Real digits
    真实的数字
The pictures of scikit-learn have {dots} dots, so the network is {widths} here. It learns from {learned} pictures, in
{steps} steps an epoch, and is tested with {held} others that it never learns from.
    scikit-learn 的图像有 {dots} 个像素，所以这里的网络是 {widths}。它用 {learned} 幅图像学习，每轮 {steps} 步，
    并用另外 {held} 幅从未学过的图像来测试。
One line an epoch: how many of the pictures that were held out are told right.
    每轮一行：留出的图像中有多少幅识别正确。
What it learned, as pictures
    它学到了什么：用图像来看
A network small enough to be seen whole, {widths}, learned the same digits by the derived gradients.
    一个小到可以看清全貌的网络 {widths}，用推导出的梯度学习了同样的数字。
The loss over the epochs, and the share of pictures held out that are told right.
    损失随轮数的变化，以及留出图像中识别正确的比例。
What does a hidden neuron look at? Each has a weight for each dot, and so its weights are a picture: where it is red,
ink speaks for the neuron, where it is blue, against it.
    一个隐藏神经元在看什么？它对每个像素各有一个权重，所以它的权重就是一幅图像：红色处的墨迹使它激活，蓝色处的墨迹使
    它抑制。
The weights of each of the {count} hidden neurons, laid out like the dots of a picture.
    {count} 个隐藏神经元各自的权重，按图像的像素排列。
Sixteen squares of eight by eight coloured cells, each with red and blue regions in the form of strokes.
    十六个正方形，每个由八乘八个彩色格子组成，各有笔画状的红色和蓝色区域。
The weights of the last layer: a row for each digit from 0 to 9, a column for each hidden neuron.
    最后一层的权重：数字 0 到 9 各一行，每个隐藏神经元一列。
Ten rows and sixteen columns of cells; every row has a few strongly red and strongly blue ones.
    十行十六列格子；每一行都有几个深红和深蓝的格子。
How is it corrected? This is the picture that it finds hardest, a {digit}. The error signals say for each neuron which
way its sum should have been off; a gradient is an error signal times what came in, so its rows repeat the inputs,
stronger or weaker, or turned over.
    它怎样得到纠正？这是它觉得最难的一幅图像，是一个 {digit}。误差信号说明每个神经元的加权和应当朝哪个方向改变；
    梯度等于误差信号乘以输入，所以它的各行都重复输入，只是强弱不同，或者反号。
The picture: white is paper, red is ink.
    图像：白色是纸，红色是墨迹。
Eight by eight cells in which a handwritten digit can be made out.
    八乘八个格子，可以辨认出一个手写数字。
The error signal of layer {layer} and the gradient by its weights, for this one picture.
    第 {layer} 层的误差信号以及对其权重的梯度，只对这一幅图像。
A column of coloured cells and beside it a matrix whose rows repeat one pattern in its strength.
    一列彩色格子，旁边是一个矩阵，其各行以不同的强度重复同一个图案。
MNIST
    MNIST
The pictures of the text are those of MNIST: 60,000 to learn from and 10,000 to test with. They are not part of this
program. Whoever has their four IDX files, packed or not, puts them into a folder and says:
    原文的图像来自 MNIST：60,000 幅用于学习，10,000 幅用于测试。它们不随本程序提供。如果有它们的四个 IDX 文件（压缩
    与否均可），放进一个文件夹，然后输入：
That trains the network of the text by the derived gradients, prints a line an epoch, and writes a report with the
update rule, the curves, and which digit was taken for which.
    这会用推导出的梯度训练原文的网络，每轮打印一行，并写出一份报告，包括更新规则、曲线，以及哪个数字被认成了哪个。
"""
