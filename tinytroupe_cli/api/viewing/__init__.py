"""Runs in a browser: pages made from their folders, and the server that gives them to this machine alone."""
