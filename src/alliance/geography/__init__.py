"""Places, distances and the map."""
