"""The door: what can be done with experiments, from a program or from the command line.

The one composition root. Each file holds one kind of thing that people do; the command
line and other programs import from these and from nowhere deeper.
"""
