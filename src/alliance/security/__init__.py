"""The military balance."""
