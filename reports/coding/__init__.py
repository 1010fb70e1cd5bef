"""`derive --code`: a derivation as one source in a language, which runs alone and checks itself."""
