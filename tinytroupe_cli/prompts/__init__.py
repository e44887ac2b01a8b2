"""See ARCHITECTURE: prompts."""
