"""Builds the documentation site from this repository: guides, reference, gallery; no page asks another machine.

The generator is markdown-it-py and Pygments, which the terminal's output brings already, and the few files here.
"""
