"""Errors of the build that the command line knows without importing what raises them."""

from __future__ import annotations


class ChapterError(RuntimeError):
    """A chapter cannot be read or a cell of it failed."""
