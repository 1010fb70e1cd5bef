"""Exercise sheets with their solutions, and quizzes of right and wrong formulas, made from a derivation."""
