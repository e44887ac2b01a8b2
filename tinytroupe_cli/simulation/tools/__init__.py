"""Tools in people's hands: a word processor, a calendar, and users' own functions. Each is used by its owner alone."""
