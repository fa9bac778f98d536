"""The evidence: tables, their checks, and what of them could be known on a day."""
