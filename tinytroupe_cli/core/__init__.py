"""What all rooms share and what depends on none of them: errors, positions, chance, time, writing."""
