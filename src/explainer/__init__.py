"""Code behind the report: evidence, measures, charts, editions and their publication."""

__version__ = "1.0.0"
