"""Index expressions as source over whole arrays, in one of several dialects: NumPy, JAX, PyTorch."""
