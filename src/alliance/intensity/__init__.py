"""Intensity of events over time."""
