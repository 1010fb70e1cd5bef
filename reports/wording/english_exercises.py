"""The English sentences of the levels of detail, of exercise sheets and of quizzes: the key of each, a colon, it."""

from __future__ import annotations

SENTENCES = """# One page
brief-description: The result on one page: every equation proved, every gradient checked
brief-column-name: name
brief-column-index: index form
brief-column-matrix: matrix form
brief-column-shapes: shapes
brief-caption: The gradients, from the loss backwards
brief-caption-general: The gradients, from the loss backwards, for any layer {l}{last}
brief-left-out: {count} more equations of layers between are left out; `--detail standard` derives the same kinds in
    full.
brief-proof: {steps} steps by {rules}, each rechecked for every width by a program that shares no code with the
    derivation.
brief-views: Index form, matrix form and written-out entries agree in {entries} entries.
brief-numbers: All {entries} gradients, by the parameters and the input, agree with finite differences at a random
    point and are certified there to at least {digits} digits.
brief-kinks: At the chosen point some of the {entries} gradients have no derivative, because a neuron is at a kink;
    `--detail standard` says which.
brief-failed: A check failed: {arrays} is wrong.

# Every entry, every step
every-entries: Every entry
every-entries-intro: For the widths of this network every sum is written out. First the forward pass, then the error
    signals and the gradients, from the loss backwards: {count} equations in all.
every-forward: The forward pass
every-backward: The way back
every-slopes: The slopes of {layer}, in what the forward pass stored:
every-steps: Every step
every-steps-intro: The derivation as it was made and rechecked, in index form, for every width: {count} steps. Each
    names its rule and the steps that it rests on; a step without such numbers rests on nothing but a definition.
every-step: Step {number}, {rule}: {reason}
every-step-said: Step {number}, {reason}
every-known: Step {number}, a function that is known
every-from: , from {steps}
every-too-large: --detail full writes out at most {most} terms in {steps} steps, and this network has {terms} terms in
    {count} steps: use --detail standard, or fewer neurons and layers

# Exercise sheets
sheet-exercises: Exercises: backpropagation in the network {widths}
sheet-exercises-deep: Exercises: backpropagation in a network of {count} weight layers
sheet-exercises-description: Each gap has a number, and the solutions have the same
sheet-solutions: Solutions: backpropagation in the network {widths}
sheet-solutions-deep: Solutions: backpropagation in a network of {count} weight layers
sheet-solutions-description: The exercises with every gap filled in
sheet-gap: ({number})
sheet-right: ({number}) right side
sheet-right-why: ({number}) right side; {reason}
sheet-given: What is given
sheet-forward: The forward pass:
sheet-of-layer: {layer}
sheet-function: the activation function
sheet-loss: the loss
sheet-fact: The targets satisfy {fact}.
sheet-shapes: Shapes
sheet-shapes-intro: How many rows and columns has each array? A vector is a column, and a gradient has the shape of what
    it is taken by.
sheet-array: array
sheet-shape: rows × columns
sheet-count: How many parameters has the network in all? {count}
sheet-steps: The derivation
sheet-steps-intro: Fill in right sides and reasons. Each line follows from those above it.
sheet-by-a: By the activations of {layer}.
sheet-by-z: By the pre-activations of {layer}: the error signal.
sheet-by-W: By the weights of {layer}.
sheet-by-b: By the biases of {layer}.
sheet-equations: The result in matrix form
sheet-equations-intro: Write each right side with matrices and vectors.
sheet-equations-shapes: Where shapes are given, they must fit.
sheet-numbers: Numbers
sheet-numbers-same: Compute everything once, forward and backward, to {digits} significant digits.
sheet-numbers-small: Take a smaller network of the same kind, {widths}, and compute everything once, forward and
    backward, to {digits} significant digits.
sheet-numbers-dead: A softmax layer with a single neuron says 1 whatever comes in, so that every gradient is 0. Take a
    network of the same kind with two neurons there, {widths}, and compute everything once, forward and backward, to
    {digits} significant digits.
sheet-numbers-zeros: A number that is exact needs no more digits than it has.
sheet-quantity: quantity
sheet-value: value
sheet-mistakes: Find the mistake
sheet-mistakes-intro: Turn to this section when the others are filled in: a formula with a mistake shows most of what
    was asked for there. Each of these formulas has exactly one mistake. Say what is wrong, and mend it.
sheet-mistake: Formula {number}
sheet-what: What is wrong? {answer}
sheet-mended: what it should be

# Mistakes
mistake-transpose: The transpose is missing: going back sums over the neurons that a weight leads to, its first index.
mistake-missing-derivative: The slope of the activation function is missing: the chain passes through it.
mistake-target-sign: The difference is the wrong way round: the derivative of the loss is output minus target.
mistake-index: The indices are in the wrong order: a weight leads to its first index, from its second.
mistake-missing-sum: The sum is missing: the neuron reaches the loss through every neuron of the next layer.
mistake-layer: A quantity of the wrong layer stands there.
mistake-product-kind: The kind of product is wrong: a matrix product for one entry by entry, or the reverse.
mistake-factor: A constant factor is wrong.
mistake-sign: The sign of the whole is wrong.
"""
