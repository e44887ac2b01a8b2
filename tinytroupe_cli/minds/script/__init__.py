"""People played by small models: a turn is the next line of a transcript, in plain words."""
