"""See ARCHITECTURE: runs."""
