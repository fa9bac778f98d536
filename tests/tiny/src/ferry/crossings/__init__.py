"""How often the ferry crossed, and what happened to it."""
