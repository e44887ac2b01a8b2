"""See ARCHITECTURE: personas."""
