"""What a person types and sees: the only room that prints, prompts or exits. Sees the door, events and core."""
