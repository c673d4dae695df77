"""Launch designs, by name."""
