"""Opinion polls."""
