"""The user's texts: templates, and the sandbox they are written in."""
