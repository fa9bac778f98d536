"""Editions: what is asked for, built, compared and put in place."""
