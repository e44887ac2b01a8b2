"""See ARCHITECTURE: plan."""
