"""The experiment language: what a person writes, read strictly. Knows nothing of plans, runs or models' answers."""
