"""Tools for those who edit: rows, chapters, the data package, reload on save."""
