"""Software under test, or anything else outside that people can talk to: over HTTP, a command, Python, or a model.

What a system does is never an exception: it is a reply, or a failure in words.
"""
