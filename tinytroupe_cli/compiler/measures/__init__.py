"""Resolves measures and outputs: queries, claims, tables, training data."""
