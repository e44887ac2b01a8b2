"""People: reads persona and fragment files, and samples people from populations.

Handles files, names and merging; independent of models, prompts, experiments and worlds.

Knows files, names and merging; knows nothing of models, prompts, experiments or worlds.
"""
