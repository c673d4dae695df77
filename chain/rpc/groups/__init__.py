"""The methods, one module a group of names."""
