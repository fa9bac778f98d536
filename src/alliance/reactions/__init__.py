"""Who said and did what."""
