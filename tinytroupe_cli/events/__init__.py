"""The vocabulary of the log, how it is written down, and pure views of it. Knows nothing of what emits it."""
