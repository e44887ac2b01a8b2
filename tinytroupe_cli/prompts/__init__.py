"""Every prompt, one file each, and the one way to fill it in. Knows nothing of who asks or why."""
