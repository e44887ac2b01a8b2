"""See ARCHITECTURE: cli."""
