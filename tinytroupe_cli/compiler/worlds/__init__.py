"""Where people are and whom they know: places, ties, networks."""
