"""Builds editions: reads what is asked for, runs the chapters, checks the prose, swaps in the result."""
