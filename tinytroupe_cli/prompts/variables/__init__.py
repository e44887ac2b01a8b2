"""What each prompt is filled in with, by who is asked; pyright checks the callers."""
