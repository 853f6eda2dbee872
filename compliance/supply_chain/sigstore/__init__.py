"""Sigstore: its bundles, trusted roots, certificates, transparency logs and time stamps. The only door to `sigstore`.

Nothing here imports `sigstore` before it is needed: it takes half a second, and an image that is signed with a key
needs none of it.
"""
