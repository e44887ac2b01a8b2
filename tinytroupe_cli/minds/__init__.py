"""See ARCHITECTURE: minds."""
