"""What is found out: asks minds, yields typed values as events.

Knows plans, events and how a question is put; knows nothing of models, prompts or files.
"""
