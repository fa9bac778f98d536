"""Checks of what chapters and exhibits say against the evidence."""
