"""The chapters' text: its dialect, its cells and days, and the wording of numbers."""
