"""See ARCHITECTURE: simulation."""
