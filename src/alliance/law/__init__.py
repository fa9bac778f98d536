"""The situations of Japan's security law."""
