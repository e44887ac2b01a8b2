"""See ARCHITECTURE: events."""
