"""What became of declared objects in a live cluster: seven signals of drift, and declared against live.

A pure core: objects as the API server gives them, audit events, times and resolved digests come in; facts of
`rules/schemas/live_object.json` and gaps come out. What needs a network is a function that the caller hands in
(`terms.Terms`): what a tag names now, and what the API server says that applying would give.
"""
