"""`derive certify`: how many digits of each computed gradient are right, proved: options, work, and what is shown."""
