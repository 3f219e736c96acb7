"""Documents: what the network writes, and one file for each format it is written in.

Each format module has one function, `Document` in, `Made` out. Start at `writing.py`.
"""
