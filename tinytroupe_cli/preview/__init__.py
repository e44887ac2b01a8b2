"""Describes a plan in words, for `troupe plan`."""
