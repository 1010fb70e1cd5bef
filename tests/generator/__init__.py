"""Random claims about gradients, right and wrong, in every notation and typography, for the checker to judge."""
