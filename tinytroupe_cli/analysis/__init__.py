"""What the answers say: rows in, numbers out.

Knows the plan and the events; knows nothing of minds, prompts, files or how results look.
"""
