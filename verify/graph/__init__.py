"""The scalars of a claim as one shared graph, its derivatives, and three judges of whether two are equal."""
