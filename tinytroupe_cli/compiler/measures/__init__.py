"""What is to be found out, and made of it: queries, claims, tables, training data."""
