"""Spec to plan: pure data that can be printed, hashed and played elsewhere. Calls no model, reads no file."""
