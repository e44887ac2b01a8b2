"""Run folders and the execution of plans.

Uses plans, events and the port's call store; builds no models and draws nothing.

Knows plans, events and the port's call store; builds no models and draws nothing.
"""
