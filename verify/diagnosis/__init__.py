"""What is wrong with a wrong formula: repairs are tried until one makes it right, and the smallest is the diagnosis."""
