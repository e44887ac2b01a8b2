"""The engine: what happens in a world, step by step, as a stream of events.

Knows plans, minds' turns and events; knows nothing of models, disks or terminals.
"""
