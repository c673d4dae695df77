"""Launches before they happen: designs, demand models, runs of one sale against many demands."""
