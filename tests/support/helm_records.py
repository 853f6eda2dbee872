"""Records of releases as Helm writes them (pkg/storage/driver/secrets.go and cfgmaps.go)."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import yaml

Object = dict[str, Any]

VALUE = "hunter2-of-values"
"""What a chart was given, and nobody is to see."""


def manifest(*values: Object, chart: str = "web") -> str:
    """Objects as Helm keeps them, each with the template that it came from."""
    parts = (
        f"---\n# Source: {chart}/templates/{value['kind'].lower()}.yaml\n{yaml.safe_dump(value)}" for value in values
    )
    return "".join(parts)


def release(*values: Object, name: str = "web", namespace: str = "shop", version: int = 1, **more: Any) -> Object:  # noqa: ANN401 - JSON
    """A release, as JSON; `more` are its other fields."""
    return {
        "name": name,
        "namespace": namespace,
        "version": version,
        "info": {"status": more.pop("status", "deployed"), "notes": VALUE},
        "config": {"password": VALUE},
        "chart": {"metadata": {"name": "web", "version": "1.0.0"}, "values": {"token": VALUE}},
        "manifest": manifest(*values),
        **more,
    }


def encoded(said: object) -> str:
    """The text of a record."""
    return base64.b64encode(gzip.compress(json.dumps(said).encode(), mtime=0)).decode()


def record(said: Object, *, driver: str = "Secret", text: str | None = None) -> Object:
    """The Secret or ConfigMap that holds a release, or other text."""
    name, version = said["name"], said["version"]
    labels = {"owner": "helm", "name": name, "status": said["info"]["status"], "version": str(version)}
    metadata = {"name": f"sh.helm.release.v1.{name}.v{version}", "namespace": said["namespace"], "labels": labels}
    payload = encoded(said) if text is None else text
    if driver == "Secret":
        coded = base64.b64encode(payload.encode()).decode()
        more: Object = {"type": "helm.sh/release.v1", "data": {"release": coded}}
    else:
        more = {"data": {"release": payload}}
    return {"apiVersion": "v1", "kind": driver, "metadata": metadata, **more}
