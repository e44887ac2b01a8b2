"""Resolves stimuli, images, interventions and their effects."""
