"""Experiments with simulated people."""
