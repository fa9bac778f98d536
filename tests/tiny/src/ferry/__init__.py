"""The subject of the example: an invented ferry, one folder a topic."""
