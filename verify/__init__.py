"""What checks a derivation without sharing code with what made it."""
