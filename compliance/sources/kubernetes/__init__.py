"""Kubernetes objects: read from files or rendered, held against their schemas, and told as facts."""
