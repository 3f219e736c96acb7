"""Shielded pictures, made in the sandbox; the clear ones are logged one by one."""
