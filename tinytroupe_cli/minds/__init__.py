"""Minds: who asks models. People act and answer, the judge reads, the author writes.

Knows personas, prompts and the model port; knows nothing of experiments, plans or files.
"""
