"""The types of answers a question can have: one file each says how it is asked, read, counted and described."""
