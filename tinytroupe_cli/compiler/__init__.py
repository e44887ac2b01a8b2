"""Spec to plan: checks a document and compiles it into data. Calls no model; files are read for it."""
