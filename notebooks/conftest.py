"""Keeps nbval to the newest text: a cell of an earlier day runs only in a build for that day."""

collect_ignore = ["earlier"]
