"""Definitions in LaTeX as a program that can be differentiated, for arrays of every size."""
