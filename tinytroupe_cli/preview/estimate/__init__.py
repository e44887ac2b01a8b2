"""What a plan will cost: calls, tokens and money, before anything is spent."""
