"""The cast: people found, copied or sampled from populations, and their assignment to conditions."""
