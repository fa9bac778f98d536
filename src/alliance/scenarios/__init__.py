"""What the measures could cost."""
