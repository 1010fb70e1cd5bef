"""The `compiled` backend: readable C from a plan, compiled by the system's compiler, called without a detour."""
