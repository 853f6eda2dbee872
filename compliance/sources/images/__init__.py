"""Images as registries, OCI layouts and archives hold them: the facts of `rules/schemas/image.json`."""
