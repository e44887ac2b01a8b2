"""Users' texts: templates, and their sandbox."""
