"""The story in one picture."""
