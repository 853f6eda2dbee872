"""Policy and compliance toolkit for immutable infrastructure."""

__version__ = "0.1.0"
