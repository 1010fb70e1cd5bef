"""Ratios of two measurements of one run; nothing here is a test.  Run by `python3 run.py bench`."""
