"""What a person remembers: word for word for a while, then as facts and by what calls it up."""
