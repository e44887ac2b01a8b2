"""See ARCHITECTURE: measurement."""
