"""See ARCHITECTURE: analysis."""
