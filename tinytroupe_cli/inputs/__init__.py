"""The user's own files and code: found, read and imported for a plan. Asks no model and writes nothing."""
