"""The command `derive check`: its options, what people see in the terminal, and what programs get."""
