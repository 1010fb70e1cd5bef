"""From a derivation to what an engine computes: lines over arrays, the same for every backend."""
