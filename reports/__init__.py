"""How a derivation is shown to people."""
