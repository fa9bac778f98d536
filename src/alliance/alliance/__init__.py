"""What earlier leaders said: from ambiguous to explicit."""
