"""See ARCHITECTURE: models."""
