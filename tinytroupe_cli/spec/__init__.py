"""See ARCHITECTURE: spec."""
