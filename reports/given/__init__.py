"""The derivation of definitions in LaTeX: the command, what the terminal shows, the pages and the record."""
