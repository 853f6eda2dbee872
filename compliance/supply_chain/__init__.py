"""Images where they are kept, and who vouches for them: registries, keys, signatures and attestations."""
