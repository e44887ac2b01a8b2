"""See ARCHITECTURE: core."""
