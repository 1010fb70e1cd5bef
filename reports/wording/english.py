"""The English sentences of a chapter, but for its derivation: the key of each, a colon, the sentence."""

from __future__ import annotations

SENTENCES = """layer: layer {number}
layers: layers {list}
layers-range: layers {first} to {last}
each: each {shape}

# The title
title: Backpropagation in the network {widths}
title-deep: Backpropagation in a network of {count} weight layers
description: Every derivative of the loss, derived step by step, proved and checked
fact-steps: {steps} steps, each rechecked · index, matrix and entry form compared in {entries} entries
fact-checked: {entries} gradients, by the parameters and the input · at least {digits} digits of each certified
fact-kinks: at the chosen point some gradients have no derivative; {section} says which
fact-failed: **a check failed**; {section} says which

# 1 The network
network: The network
straight: The network takes {inputs} straight to {outputs}; there is no layer between them.
through: The network takes {inputs} through {hidden} to {outputs}.
hidden-one: one hidden layer of {neurons}
hidden-some: {count} hidden layers of {neurons} neurons
hidden-many: {count} hidden layers
hidden-same: {count} hidden layers of {neurons} each
number-from: The input counts as layer {first}, the output as layer {last}.
bias-only: Into {layers} lead no weights: each neuron takes the value of the one neuron before it and adds a bias, so
    that both layers have equally many neurons.
activation-all: Every neuron behind the input passes its sum through the same activation function: {name}.
activation-one: Its sum goes through an activation function: {name}.
activation-by-layer: The activation function is {list}.
activation-in: {name} in {layers}
activation-some: The activation functions are {names}; section 2 says which layer has which.
bias-none: No neuron has a bias.
bias-appended: The biases are not kept apart: a 1 is appended to the input of each layer, and the last column of the
    weights, which multiplies it, is the bias.
bias-separate: Every neuron behind the input adds a bias of its own.
bias-one: The output adds a bias to what it receives.
bias-too: The neurons of {layers} add a bias too.
bias-mixed: A separate bias stands in {separate}.
bias-mixed-appended: In {appended} a 1 is appended to the layer’s input, and the last column of the weights, which
    multiplies it, is the bias.
bias-mixed-none: The neurons of {none} have no bias.
loss: The loss {loss} ({title}) says in one number how far the outputs {output} are from the targets {target}.
parameters: There are {list}: {total} parameters, and for each of them we want to know how the loss changes when it
    changes a little.
parameter: There is one parameter, {list}, and we want to know how the loss changes when it changes a little.
see-figure: In {figure} every quantity stands at its place, and {table} lists them.
figure-network: The network. A neuron holds what it sums up, {z}, and what it sends on, {a}.
figure-traced: The network. A neuron holds what it sums up, {z}, and what it sends on, {a}. The coloured connections
    are the paths by which {neuron} reaches the loss.
figure-traced-one: The network. A neuron holds what it sums up, {z}, and what it sends on, {a}. The coloured
    connection is the path by which {neuron} reaches the loss.
figure-alternative: A network drawn from left to right, with layers of {widths} neurons, the loss and the targets.
figure-whole: Every neuron is drawn.
figure-fewer-neurons: Abridged: of a layer that is too wide only the first two neurons and the last are drawn.
figure-fewer-layers: Abridged: of the layers only the first three and the last two are drawn.
indices-below: The indices of a weight are read backwards: {entry} leads *to* neuron {to} of the layer, *from* neuron
    {by} of the layer before.
indices-corners: The lower index of a weight says where it leads, the upper one where it comes from: {entry} leads
    *to* neuron {to} of the next layer, *from* neuron {by} of this one.
shifted: Weights and sums bear the number of the layer they come from: {z} is what a neuron of layer {next} sums up.
widths: {here} is the number of neurons of layer {layer}, {last} that of the outputs.
widths-last: {last} is the number of outputs.
conventions: Vectors are columns, and a derivative by a vector or a matrix has the shape of that vector or matrix.
table-symbols: The symbols
table-symbols-general: The symbols, for a layer {layer}
table-symbols-shifted: The symbols; the weights into the layer bear the number {layer}
column-symbol: symbol
column-meaning: meaning
column-shape: shape
column-here: here
role-x: input
role-W: weights into the layer; {entry} leads to {to} from {by}
role-stacked-W: the weights, and in the last column the biases
role-stacked-a: what goes into the layer, a 1 below it
role-b: biases of the layer
role-b-appended: biases of the layer, the last column of the weights
role-z: pre-activations: what a neuron sums up
role-a: activations: what a neuron sends on
role-delta: error signals, {definition}: how the loss changes with what a neuron sums up
role-g: {definition}, where it is needed more than once
role-y: targets: what the outputs should be
role-E: loss, a single number
role-constant: constant of an activation function, not learned
number: number
formula: {box}
rule: {reason}

# 2 The forward pass
forward: The forward pass
forward-intro: Values flow from the input to the loss. Each neuron first forms {z}, its **pre-activation**, and then
    sends on {a}, its **activation**.
forward-function: Written out, the activation function is
forward-functions: Written out, the activation functions are
why-function: the {name} function
forward-first: In {layer}, neuron {j} weighs what the neurons {k} before it send:
forward-first-bias: In {layer}, neuron {j} weighs what the neurons {k} before it send, and adds its bias:
forward-bias-only: In {layer}, neuron {j} adds its bias to what neuron {j} before it sends:
forward-same: In {layer} the same happens to what {before} sends:
forward-run: What {first} does is done again in {layers}, each time with other weights; with {l} for the layer’s
    number:
forward-run-shifted: What {first} does is done again in {layers}, each time with other weights; with {l} for the
    number of the weights:
why-sum: a weighted sum
why-sum-bias: a weighted sum, and the bias
why-bias-only: what comes in, and the bias
why-activation: the activation function, neuron by neuron
why-softmax: each power of e divided by the sum of all of them: positive, and 1 in total
why-identity: the activation function is linear: nothing changes
why-scaled: the activation function is linear: a constant factor
forward-matrix: For all neurons of the layer at once:
forward-matrix-appended: For all neurons of the layer at once; the 1 below the input meets the column of biases:
why-matrix-forward: in matrix form
forward-loss: Finally the loss compares the outputs with the targets:
why-loss: {title}
forward-loss-matrix: in matrix form
forward-fact: The targets are the probabilities of the classes, so that they sum to 1; with one right class, its
    target is 1 and all others are 0. This will be used once:
forward-fact-unused: The targets are the probabilities of the classes, so that they sum to 1:
why-fact: given with this loss

# 4 The result
result: The result
result-intro-general: All layers share one form. With {l} for the number of any layer{last}, everything above comes
    down to this:
result-intro-general-shifted: All layers share one form. With {l} for the number of any weights{last}, everything
    above comes down to this:
result-intro-mixed-shifted: Everything above comes down to this; where several layers share one form, {l} stands for
    the number of their weights:
result-intro-own: Everything above comes down to this, from the loss backwards:
result-intro-mixed: Everything above comes down to this; where several layers share one form, {l} stands for the
    number of any of them:
box-four: The four equations of backpropagation
box-bp: The equations of backpropagation for this network
bp-names: **BP1** to **BP4** are the four equations of backpropagation, numbered as in chapter 2 of Nielsen’s book
    *Neural Networks and Deep Learning*; BP1 is the error signal of the output, in whatever form the loss and the last
    activation function give it.
why-box-last: the error signal of the output
why-box-delta: the error signal, one layer back
why-box-g: the derivative by the activations
why-box-b: the gradient by the biases
why-box-W: the gradient by the weights
why-box-stacked: the gradient by weights and biases together
why-box-x: the gradient by the input
for-layers: {words}, {layers}
read-box: In words: start with the error signal of the output. To go back one layer, multiply by the transposed
    weights and, row by row, by the slope of the activation function. The gradient of a bias is the error signal of
    its neuron; the gradient of a weight is the error signal where it leads to, times the activation where it comes
    from.
read-box-own: In words: start with the error signal of the output, go back layer by layer with the equations above,
    and read off the gradients on the way. Every quantity on the right is known when its turn comes.
shapes-turned: In {figure} one pass is drawn with every matrix in its shape. Two factors can be multiplied where the
    sides that meet are equally long: on the way back {w} fits only because it is transposed. And each gradient has the
    shape of what it is the gradient of.
shapes-told: In {figure} one pass is drawn with every matrix in its shape. Two factors can be multiplied where the sides
    that meet are equally long, and each gradient has the shape of what it is the gradient of.
figure-shapes: One pass with every matrix in its shape; sides are in proportion to rows and columns.
figure-shapes-roots: One pass with every matrix in its shape; sides follow the square roots of rows and columns.
shapes-some: Of the weight layers the first three and the last two are shown.
figure-shapes-alternative: {rows} rows of matrix equations, first forward, then backward, in which each factor is a
    rectangle with its letter over it and its numbers of rows and columns under it.
cost: For each weight the backward pass makes two multiplications where the forward pass makes one: one on the way
    back, and one for the gradient. So it costs about twice as much as the forward pass, however many parameters there
    are.

# 5 Entries
entries: Every entry
entries-some: Some entries
entries-all: For the widths of this network the sums can be written out. Every gradient then is a product of numbers
    that the two passes have found; the error signals are computed once and shared.
entries-few: For the widths of this network the sums can be written out. Of the {total} gradients only some are shown,
    the first of each kind; the others differ in their indices only:
entries-smallest: For the widths of this network the sums can be written out. Of the {total} gradients those of
    {layer}, the layer with the fewest, are shown, and the first of each kind in the others:
entries-too-long: Sums of more than {most} terms are not written out.
entries-errors: The error signals, from the loss backwards:
table-entries: {gradient}, *to* the neuron of the row, *from* that of the column
table-entries-bias: {gradient}, *to* the neuron of the row, *from* that of the column; last {bias}
table-entries-bias-only: {bias} for each neuron
column-to: to
column-bias: bias
entries-input: The gradient by the input:
expanded: Expanded, every name but that of a function replaced by what it stands for, an entry is a formula in the
    inputs, the targets and the parameters alone. It grows with the number of paths through the network:
expanded-some: The other {count} of the {total} entries are longer, or like these, and are left out.
expanded-none: Expanded, every name replaced by what it stands for, each entry would be longer than is good to read,
    so none is printed; in Python `d.entry(…, expand=True)` gives them.

# 6 Numbers
numbers: A worked example with numbers
numbers-intro: We choose the parameters, the input and the targets as follows and compute everything once, forward and
    backward. The computation uses double precision; what is printed is rounded to {digits} significant digits.
numbers-large: We choose parameters, an input and targets at random and compute everything once, forward and backward.
    There are too many numbers to print: {table} gives for each array its length (the root of the sum of squares) and
    its first entries, rounded to {digits} significant digits.
numbers-constant: There is one constant, {list}.
numbers-constants: The constants are {list}.
numbers-forward: **Forward.** The first neuron of {layer} sums up
numbers-forward-then: and sends on
numbers-loss: The loss is {loss}.
numbers-backward: **Backward.** The error signal of the first neuron of {layer} is
numbers-back: One layer back, that of the first neuron of {layer} is
numbers-weight: and with it the first weight of {layer} has the gradient
numbers-bias: and with it the first bias of {layer} has the gradient
numbers-table: What flows forward and what comes back, neuron by neuron
numbers-summary: Lengths and first entries
numbers-rest: So it goes on for every neuron ({table}), and the gradients follow.
column-neuron: neuron
column-slope: slope
column-array: array
column-entries: entries
column-length: length
column-first: first entries
graph-told: In {figure} the whole calculation is a graph. Go forward along the arrows, and each node gets its value. Go
    back, and each node gets the derivative of {loss} by it: for every arrow that leaves it, the derivative at the
    arrow’s head times the number on the arrow, and of these the sum.
graph-weights: On the arrows into a sum stand the weights.
figure-graph: The example as a computational graph, to {digits} digits. A node shows, from above, its letter, its value
    and the derivative of {loss} by it, an arrow the derivative of its head by its tail.
figure-graph-alternative: A graph from left to right with {nodes} nodes and {arrows} arrows: the inputs, then the sums
    and the activations of each layer, then the loss. Each node shows two numbers, each arrow one.
heat-told: Seen as pictures: {weights} shows the weights, {gradients} the error signals and the gradients by the
    weights. A gradient is a column times a row. So all its rows are one pattern, that of the activations before the
    layer: strong or weak, or with its signs turned, as the error signal of the row says.
heat-pale: Too small for the scale, which all share, and so white throughout are {list}, with entries of at most {most}
    in absolute value.
figure-weights: The weights: red is positive, blue negative, and the darker the larger.
figure-gradients: Error signals and gradients, from the loss backwards, on one scale. The colours follow the square
    roots, so that small numbers show too; white is what is smaller than {least} in absolute value.
heat-first: Of more than {most} rows or columns the first {most} are shown.
heat-layers: Of the layers the first two and the last two are shown.
figure-weights-alternative: Matrices of coloured cells, one cell for each weight: {sizes}.
figure-gradients-alternative: Columns of coloured cells for the error signals, each followed by the matrix of a
    gradient, whose rows repeat one pattern: {sizes}.
numbers-step: A step against the gradient lowers the loss: with the rate {rate}, it falls from {before} to {after}.

# 7 The check
check: How this was checked
check-proof: None of this rests on trust. Each of the {steps} steps of the derivation was rechecked by a second
    program, whose {rules} share no code with the first. It accepts a step only if it follows from its premises, for
    every number of neurons.
check-rules: {count} rules
check-views: Index form, matrix form and the written-out entries were compared with one another, as exact formulas and
    entry by entry: {entries} entries in all, in networks {widths}.
check-numbers: Then the gradients that the program of {program} computes were compared with three calculations that
    know nothing of the derivation, only of the forward pass, at the point of {point}. *Central differences* change
    each parameter a little and watch the loss. The *complex step* does so in an imaginary direction, where nothing
    cancels. *Reverse mode in balls* computes with intervals that are certain to hold the true value, and so certifies
    how many digits of each gradient are right.
check-followed: Where an array has many entries, the first two were applied to {followed} of them and to sums of all
    with random signs.
table-check: Largest relative error of each array against each calculation
column-differences: differences
column-complex: complex step
column-certified: certified
column-digits: digits
column-verdict: verdict
not-available: –
below-rounding: rounding
exactly-zero: exactly 0
verdict-ok: right
verdict-failed: **wrong**
verdict-kink: no derivative
check-widths: {list}
check-widths-deep: of this depth with one to three neurons a layer
check-left-out: The other {count} arrays are right as well and are left out of the table.
curve-name: central differences
check-loss: The loss agrees to a relative error of {error}.
check-loss-exact: The loss agrees to the last digit.
check-ok: Every entry is certified, and every entry is right.
idle: Every gradient is 0 whatever the numbers are, since the slope of the {name} function is 0 wherever it has one:
    descent learns nothing here.
idle-up-to: The gradients up to {layer} are 0 whatever the numbers are, since the slope of the {name} function is 0
    wherever it has one: descent learns nothing there.
check-not-ok: Not every entry could be confirmed:
kink: {entry} = {value} is at the kink of the {name} function: {sides}.
kink-near: {entry} = {value} is so close to the kink of the {name} function that differences step over it: {sides}.
kink-loss: {entry} = {value} is at a kink of the loss: {sides}.
kink-loss-near: {entry} = {value} is so close to a kink of the loss that differences step over it: {sides}.
check-kinks: At this point there are kinks, where no derivative exists; entries that depend on them are neither right
    nor wrong:
check-warning: A warning: {warning}.
check-note: {note}.
check-curve: Central differences need a step size. A large one sees the curvature of the loss, a small one the
    rounding of the last digits; {figure} shows the error between the two. The step that was used, {step}, follows
    from the rounding error and the third derivative.
figure-curve: The relative error of a central difference over its step size, for one direction in the space of all
    parameters.
figure-curve-alternative: A curve that falls as the step shrinks from 0.1, reaches a minimum near {step} and rises
    again.

# 8 The code
code: The program
code-intro: The matrix equations above, written as a program by a program. A column of the mathematics is a row here:
    {x} and {y} hold one sample a row, so that one call computes a whole batch. Each gradient is summed over the
    samples{dx}.
code-letters: The code numbers weight layers from 1 and uses one set of letters for every book: {list}, and so on.
code-dx: , except the one by the input, which has a row for each
code-constants: The constants {list} are its last arguments.
code-caption: The loss and all its gradients
code-cut: The middle of the program is left out here: it repeats the same lines for the layers between.
loop-intro: Divided by the number of samples, the sum of the gradients is their mean, and the rate need not change
    with the size of the batch. As a program:
loop-caption: Gradient descent
loop-update: Learning repeats one step: compute the gradients, and move each parameter a little against its own. With
    the rate {rate}, over a batch of {count} samples, a step is
why-update: and so for every parameter
samples: samples
loop-batches: With all samples in {x} that is batch gradient descent; with a few of them, drawn anew for each step, it
    is the stochastic kind, which needs more steps and far less time for each.
forward-function-besides: No formula is needed for {known}. Written out, the other activation function is
forward-functions-besides: No formula is needed for {known}. Written out, the other activation functions are
"""
