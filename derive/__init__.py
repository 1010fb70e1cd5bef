"""From a network to the gradients of its loss, step by step."""
