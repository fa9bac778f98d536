"""Registers that only the record holds."""
