"""The subject: the statement of 26 January 2026 and what came of it, one folder a topic."""
