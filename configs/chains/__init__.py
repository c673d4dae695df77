"""Chain specs, by name."""
