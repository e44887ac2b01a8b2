"""A plan in words, as `troupe plan` tells it."""
