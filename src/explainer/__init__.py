"""The engine: builds a sourced, dated, self-checking report. It knows nothing of this report's subject."""
