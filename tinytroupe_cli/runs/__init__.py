"""A run on disk and the work of getting through it.

Knows plans, events and the port's call store; builds no models and draws nothing.
"""
