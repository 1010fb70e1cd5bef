"""Asks the checker in processes that can be killed: one formula from any thread, or files of any length."""
