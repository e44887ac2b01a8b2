"""See ARCHITECTURE: reports."""
