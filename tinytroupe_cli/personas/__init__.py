"""Who takes part: persona and fragment files in, people out.

Knows files, names and merging; knows nothing of models, prompts, experiments or worlds.
"""
