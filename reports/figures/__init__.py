"""Figures as vector drawings in millimetres; the printers of documents draw them."""
