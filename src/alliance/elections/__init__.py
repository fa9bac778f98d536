"""The lower house and its election."""
