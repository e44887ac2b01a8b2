"""The public Python API: everything that can be done with experiments.

The one composition root. Each file holds one kind of thing that people do; the command
line and other programs import from these and from nowhere deeper.
"""
