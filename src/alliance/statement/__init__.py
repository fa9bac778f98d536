"""The words of the two statements."""
