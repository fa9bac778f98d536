"""One actor's side of the evidence."""
