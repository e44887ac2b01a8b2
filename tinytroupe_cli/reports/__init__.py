"""Events into documents: pure functions and templates.

Knows the plan, the events and what a run cost; never asks a model, never touches a file.
"""
