"""Built images: their configuration, what their layers hold, and what they are built on."""
