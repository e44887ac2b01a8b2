"""Who takes part: people found, copied, drawn from populations, and which conditions they meet."""
