"""Published estimates of the cost, worked again."""
