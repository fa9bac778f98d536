"""Executed notebooks and a figure manifest in, a page and a PDF out."""
