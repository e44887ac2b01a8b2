"""Estimates a plan's calls, tokens and cost before anything is spent."""
