"""The English sentences of section 3, the derivation: the key of each, a colon, the sentence."""

from __future__ import annotations

SENTENCES = """# 3 The derivation
derivation: The derivation, from the loss backwards
derivation-intro: A parameter changes the loss by changing first the {z} that it stands in, then everything behind
    that. The chain rule multiplies the changes along such a path and adds up the paths. Many paths share their last
    part, the one that ends at the loss. So we begin there and walk back, layer by layer, and whatever is found is
    used for all paths that lead through it: that is backpropagation.
from-loss: From the loss back to {layer}
from-layer: From {later} back to {layer}
from-general: From any layer back to the one before
to-input: Back to the input
parameters-of: The weights and biases of {layer}
weights-of: The weights of {layer}
biases-of: The biases of {layer}
# the outputs
ask-output: How does the loss change when an output {a} changes a little? The output stands in the loss itself,
    {definition}, and there it is differentiated:
why-one-term: only the term {term} of the sum holds {a}
why-several-sums: differentiate; {a} stands in the sums too
loss-kink: Where the loss has a kink, there is no derivative; the formula holds on either side of it.
simpler: This is shorter when its parts are put together:
why-simpler: simplified
# the error signal
ask-error-first: One step further back stands the pre-activation {z}. The derivative by it will be needed {list}, so
    it gets a name, the **error signal** of the neuron, and a colour by which it can be found wherever it returns:
for-weights: for the weights
for-bias: for the bias
the-input: the input
for-before: for {layer}
why-name: a name for what is used again
path-own: The pre-activation {z} feeds the activation of its own neuron and no other. Written as a sum over all
    neurons of the layer, of which one term will remain, the chain rule says:
path-all: The pre-activation {z} feeds *all* activations of its layer, because it stands in the sum below the fraction
    bar. So the chain rule gives a sum, one term for each path:
why-paths-own: chain rule, over the activations of the layer
first-known: The first factor is known from {known}. For the second, differentiate {definition}:
why-own: a neuron’s activation depends on its own pre-activation only
why-own-linear: linear: the slope is the same everywhere
why-quotient: quotient rule: above the bar only the neuron itself counts, below it every one
folded: Both fractions are made of activations. Written in them, the derivative is short:
why-folded: written in the activations
delta-first: Here {delta} with two indices is **Kronecker’s delta**: 1 where the indices are equal, and 0 elsewhere.
    Under a sum over {k} it leaves the one term in which {k} is {j}; that is why the sum disappears:
delta-first-error: Here {delta} with two indices and no layer is **Kronecker’s delta**: 1 where the indices are equal,
    and 0 elsewhere; it has nothing to do with the error signal {error}. Under a sum over {k} it leaves the one term
    in which {k} is {j}; that is why the sum disappears:
delta-first-stays: Here {delta} with two indices is **Kronecker’s delta**: 1 where the indices are equal, and 0
    elsewhere. Under a sum over {k} it leaves the one term in which {k} is {j}. The other part has no delta, and its
    sum remains:
delta-first-stays-error: Here {delta} with two indices and no layer is **Kronecker’s delta**: 1 where the indices are
    equal, and 0 elsewhere; it has nothing to do with the error signal {error}. Under a sum over {k} it leaves the one
    term in which {k} is {j}. The other part has no delta, and its sum remains:
delta-again: Kronecker’s delta leaves one term of the sum:
delta-again-stays: Kronecker’s delta leaves one term of its sum; the other sum remains:
why-substituted: substituted
name-adjoint: The next sum will hold this derivative twice, so it gets a name of its own:
use-fact: The targets sum to 1, {fact}, and this is where it is used:
why-fact-used: because {fact}
cancel: Put {slope} in and cancel:
why-cancel: the slope cancels
all-at-once: For all neurons of the layer at once, where {odot} multiplies row by row:
all-at-once-again: For all neurons at once:
odot: In matrix form {odot} multiplies row by row.
why-matrix: {source} in matrix form
dot-number: A row times a column, such as {product}, is a single number; added to a column or taken
    from it, it is so for every entry.
# slopes
slope-first: What is {slope}? Differentiate {definition}. The result can be written in the value of the function
    itself:
slope-known: What is {slope}? The derivative of this function is a formula in its value:
slope-plain: What is {slope}? Differentiate {definition}:
why-slope-closed: since {power}
why-slope-value: written in {value} itself
why-slope-plain: differentiate case by case
why-slope-smooth: differentiate
slope-layer: At the values of {layer} that is a formula in what the forward pass has stored:
slope-layer-again: Again the slope needs no new calculation:
why-slope-layer: at the stored values
slope-kink: At {place}, its kink, the function has no derivative: its slope is {left} on the left and {right} on the
    right. The {value} that the last case gives there is a convention and not proved; any number between the two slopes
    would do as well (a **subgradient**).
slope-zero: The slope is 0 wherever there is one. So nothing comes back through such a layer: the gradients of its own
    parameters and of everything before it are 0, and gradient descent cannot train them.
# the weights
ask-weight: What do the error signals say about the weights? The weight {w} stands in the sum {z} of its own neuron
    only. The chain rule, with a term for every sum of the layer:
why-paths-sums: chain rule, over the sums of the layer
why-weight: {a} is what {w} is multiplied with
first-named: The first factor is the error signal {delta}, {name}. For the second, differentiate {definition}:
outer: In matrix form a column times a row: the row of the matrix is the neuron that the weight leads *to*, the column
    the one it comes *from*.
outer-appended: In matrix form a column times a row. The 1 below the input gives the last column, the derivatives by
    the biases.
ask-bias: The bias {b} is added to the same sum, with the factor 1. The chain rule and its second factor are
ask-bias-only: The bias {b} is added to the sum {z} of its own neuron, with the factor 1:
why-bias: only the sum of its own neuron holds {b}, with factor 1
bias-is-error: Again one term of the sum remains. The derivative by a bias *is* the error signal:
same-steps: The same steps as in {first} give for {layer}:
same-steps-parameters: For the weights and biases of {layer} the steps are those of {first}, and so is the result:
same-steps-weights: For the weights of {layer} the steps are those of {first}, and so is the result:
same-steps-biases: For the biases of {layer} the steps are those of {first}, and so is the result:
why-like: as in {first}
why-like-both: as in {first}, in both forms
# back through a layer
ask-activation: How does the loss change when {what} changes? It reaches the loss only through the sums of {later},
    and it reaches *all* of them{trace}. So the chain rule gives a sum, one term for each path:
ask-activation-single: How does the loss change when {what} changes? It reaches the loss only through {later}, which
    here has a single neuron{trace}; the chain rule is written for any number of them, one term for each path:
ask-activation-own: How does the loss change when {what} changes? Into {later} lead no weights: it reaches the loss
    only through the one neuron of {later} that takes it. Written as a sum, of which one term will remain, the chain
    rule says:
why-paths: chain rule; the paths through {layer}
why-path-weight: only one term of the sum holds {a}
why-path-one: it is taken as it is
no-delta: Nothing here picks a term: every neuron of {later} counts, and the sum stays:
transpose: Why the transpose? The sum runs over the *first* index of {w}, over the neurons that the weights lead *to*;
    a product of a matrix with a column runs over the second. Turning the matrix round exchanges the two:
transpose-appended: Here {w} stands without its column of biases: nothing before the layer reaches the loss through
    the appended 1.
transpose-again: The sum again runs over the first index of the weights:
error-here: One step further back, {z} feeds only the activation of its own neuron, as in {first}. So the error signal
    of {layer} has one factor more, the slope of the activation function:
error-here-all: One step further back, {z} feeds every activation of its layer, as in {first}. So the error signal of
    {layer} is
error-here-linear: One step further back, {z} feeds only the activation of its own neuron, as in {first}, and the
    activation function of {layer} is linear:
ask-error-layer: One step further back stands the pre-activation {z} of {layer}, with the error signal
in-numbers: With the numbers of {section}: {list}.
input-intro: The input can be treated like any layer; its derivative says how strongly the loss responds to each part
    of it.
input-intro-same: The input can be treated like any layer before it: as in {first},
general-intro: From here on nothing new happens. For {layers}, each number written {l}, the steps are those of
    {first}:
general-intro-own: For {layers}, each number written {l}, the same steps give:
general-intro-shifted: From here on nothing new happens. For {layers}, with {l} for the number of the weights that
    lead there, the steps are those of {first}:
general-intro-own-shifted: For {layers}, with {l} for the number of the weights that lead there, the same steps give:
general-table: So the results for the remaining layers can simply be listed ({table}): each line is made from the one
    above it.
table-rest: The remaining layers, from the loss backwards
column-layer: layer
column-error: error signal
column-weights: weights
column-biases: biases
the-activation: the activation {a} of a neuron of {layer}
the-entry: the input {a}
"""
