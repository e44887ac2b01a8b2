"""The port to language models and its layers: storage, budgets, limits, retries, structured answers.

Knows nothing of people, experiments or run folders.
"""
