"""Drift of live clusters: what `sources.drift` is told by, from settings, registries, Git and the API server.

One `Drift` serves a run; it makes a companion of each cluster's reading.
"""
