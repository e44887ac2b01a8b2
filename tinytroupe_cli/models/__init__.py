"""The port to language models and the onion around it: storing, budgets, limits, retries, shapes.

Knows nothing of people, experiments or run folders.
"""
