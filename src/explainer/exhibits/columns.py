"""Columns that many tables have: sources, how sure a row is, dates and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explainer.exhibits.kit import Column
from explainer.text.wording import number

SOURCES = Column("source_ids", "Sources", kind="sources")


def sure(key: str = "label", label: str = "How sure") -> Column:
    """Return the column of confidence labels; its cells hold the ids of rows."""
    return Column(key, label, kind="label")


def date(key: str = "date", label: str = "Date", format: Callable[[Any], str] | None = None) -> Column:
    """Return a column of days, months or years, written by `format`; an empty one stays empty."""
    return Column(key, label, kind="date", format=format and (lambda value: "" if value == "" else format(value)))


def amount(key: str, label: str, format: str | int | Callable[[Any], str] | None = None) -> Column:
    """Return a column of numbers at the right; `format` is a function, a format string or a number of decimals."""
    if isinstance(format, int):
        return Column(key, label, kind="number", align="right", format=lambda value: number(float(value), format))
    return Column(key, label, kind="number", align="right", format=format)


def texts(**labels: str) -> list[Column]:
    """Return columns of text, each named by its key: ``texts(who="Who", what="What was said")``."""
    return [Column(key, label) for key, label in labels.items()]


def right(**labels: str) -> list[Column]:
    """Return columns of figures in words, at the right, each named by its key."""
    return [Column(key, label, align="right") for key, label in labels.items()]


def amounts(format: str | int | Callable[[Any], str] | None = None, **labels: str) -> list[Column]:
    """Return columns of numbers that are written alike, each named by its key."""
    return [amount(key, label, format) for key, label in labels.items()]


def yes_or_no(key: str, label: str) -> Column:
    """Return a column that says whether."""
    return Column(key, label, format=lambda value: "yes" if value else "no")
