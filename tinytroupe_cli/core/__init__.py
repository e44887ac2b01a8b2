"""Shared foundations without dependencies on other packages: errors, positions, randomness, time, writing."""
