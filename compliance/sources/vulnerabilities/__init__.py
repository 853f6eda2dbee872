"""Vulnerabilities of container images, as Trivy and Grype see them, and what they could not judge."""

from compliance.sources.vulnerabilities.narrowing import narrowed, parse_severities
from compliance.sources.vulnerabilities.records import Form, ImageContent, Scanned
from compliance.sources.vulnerabilities.scanning import scan

__all__ = [
    "Form",
    "ImageContent",
    "Scanned",
    "narrowed",
    "parse_severities",
    "scan",
]
