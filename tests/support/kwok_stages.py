"""How kwok plays the kubelet in tests: nodes are ready at once, Pods run, crash, never get ready or complete as asked.

A Pod's label `kwok-behaviour` says which (ready, never-ready, crash-loop), else its image's tag (`...-crash`,
`...-never-ready`). `imageID` is repository@sha256:SHA-256-of-the-image-text, a pinned image keeps its digest, and the
annotation `kwok-image-id/CONTAINER` names any other. Stages and templates: kwok's documentation, "Stages
Configuration". Each Pod fits one stage at a time, and only the first sets addresses: a second would be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Object = dict[str, Any]

_BEHAVIOUR: Final = (
    '(.metadata.labels["kwok-behaviour"]) // '
    '(if any(.spec.containers[].image; test("-never-ready(@|$)")) then "never-ready" '
    'elif any(.spec.containers[].image; test("-crash(@|$)")) then "crash-loop" else "ready" end)'
)
_READY: Final = '.status.conditions.[] | select( .type == "Ready" ) | .status'
_IMAGES_DIFFER: Final = (
    '([.spec.containers[] | .name + "=" + .image] | sort) != '
    '([.status.containerStatuses[]? | .name + "=" + .image] | sort)'
)
_NEW_EPHEMERAL: Final = (
    "((.spec.ephemeralContainers // []) | length) > ((.status.ephemeralContainerStatuses // []) | length)"
)
_NODE_CONDITIONS: Final = """{{ $now := Now }}
{{ $t := or .metadata.creationTimestamp $now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $t | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
"""
_NODE: Final = (
    _NODE_CONDITIONS
    + """addresses:
- {address: "127.0.0.1", type: InternalIP}
- {address: {{ .metadata.name | Quote }}, type: Hostname}
allocatable: {cpu: "64", memory: 256Gi, pods: "5000", ephemeral-storage: 500Gi}
capacity: {cpu: "64", memory: 256Gi, pods: "5000", ephemeral-storage: 500Gi}
phase: Running
"""
)
_HEAD: Final = """{{ $now := Now }}
{{ $root := . }}
{{ $ann := or .metadata.annotations dict }}
"""
_IMAGE: Final = """  {{ $want := index $ann (printf "kwok-image-id/%s" .name) }}
  imageID: {{ if $want }}{{ $want | Quote }}{{ else if contains "@sha256:" .image }}{{ .image | Quote }}{{ else }}\
{{ printf "%s@sha256:%s" (regexReplaceAll ":[^:/]+$" .image "") (sha256sum .image) | Quote }}{{ end }}
  containerID: {{ printf "containerd://%s" (sha256sum (printf "%s/%s" $root.metadata.uid .name)) | Quote }}
"""
_ADDRESSES: Final = """
{{ if not .status.podIP }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
{{ $p := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) \
( or .metadata.namespace "" ) }}
{{ with $p }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ end }}
"""
_INIT: Final = (
    """initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
"""
    + _IMAGE
    + """  ready: true
  restartCount: 0
  {{ if eq (or .restartPolicy "") "Always" }}
  started: true
  state: {running: {startedAt: {{ $now | Quote }}}}
  {{ else }}
  state: {terminated: {exitCode: 0, finishedAt: {{ $now | Quote }}, startedAt: {{ $now | Quote }}}}
  {{ end }}
{{ end }}
"""
)
_STARTED: Final = "phase: Running\nstartTime: {{ or .status.startTime $now | Quote }}\n"
_RUNS: Final = "  started: true\n  restartCount: 0\n  state: {running: {startedAt: {{ $now | Quote }}}}\n"
_RESTARTS: Final = """{{ $n := 0 }}
{{ range (or .status.containerStatuses list) }}{{ $n = max $n (int (toString (or .restartCount 0))) }}{{ end }}
{{ $n = add $n 1 }}
"""
_CRASHED: Final = """  ready: false
  started: false
  restartCount: {{ $n }}
  lastState: {terminated: {exitCode: 1, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
  state: {running: null, waiting: {reason: CrashLoopBackOff}}
"""


def _conditions(ready: str) -> str:
    types = {"Initialized": "True", "Ready": ready, "ContainersReady": ready}
    listed = (
        f'- {{lastTransitionTime: {{{{ $now | Quote }}}}, status: "{status}", type: {name}}}\n'
        for name, status in types.items()
    )
    return "conditions:\n" + "".join(listed)


def _statuses(rest: str, *, field: str = "container") -> str:
    spec = "containers" if field == "container" else "ephemeralContainers"
    head = (
        f"{field}Statuses:\n{{{{ range .spec.{spec} }}}}\n"
        "- name: {{ .name | Quote }}\n  image: {{ .image | Quote }}\n"
    )
    return head + _IMAGE + rest + "{{ end }}\n"


_RUNNING: Final = _HEAD + _conditions("True") + _statuses("  ready: true\n" + _RUNS) + _INIT + _ADDRESSES + _STARTED
_UNREADY: Final = _HEAD + _conditions("False") + _statuses("  ready: false\n" + _RUNS) + _INIT + _ADDRESSES + _STARTED
_CRASHING: Final = _HEAD + _RESTARTS + _conditions("False") + _statuses(_CRASHED) + _ADDRESSES + _STARTED
_DONE: Final = (
    _HEAD
    + _statuses(
        "  ready: false\n  started: false\n  restartCount: 0\n"
        "  state: {running: null, terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, "
        "finishedAt: {{ $now | Quote }}}}\n"
    )
    + "phase: Succeeded\n"
)
_DEBUGGED: Final = _HEAD + _statuses(
    "  ready: false\n  restartCount: 0\n  state: {running: {startedAt: {{ $now | Quote }}}}\n",
    field="ephemeralContainer",
)


def _is(key: str, *values: str, operator: str = "In") -> Object:
    return {"key": key, "operator": operator, "values": list(values)}


def _stage(name: str, kind: str, *conditions: Object, **rest: object) -> Object:
    following: Object = {"statusTemplate": rest["status"]} if "status" in rest else {"delete": True}
    spec: Object = {
        "resourceRef": {"apiGroup": "v1", "kind": kind},
        "selector": {"matchExpressions": list(conditions)},
        "next": following,
    }
    if "delay" in rest:
        spec["delay"] = {"durationMilliseconds": rest["delay"]}
    return {"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "Stage", "metadata": {"name": name}, "spec": spec}


def _documents() -> list[Object]:
    alive: Object = {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"}
    leaving: Object = {"key": ".metadata.deletionTimestamp", "operator": "Exists"}
    pending, running = (_is(".status.phase", phase) for phase in ("Pending", "Running"))
    ready, unready = (_is(_READY, "True", operator=operator) for operator in ("In", "NotIn"))
    few = _is(".status.containerStatuses.[0].restartCount < 5", "true")
    crash = _is(_BEHAVIOUR, "crash-loop")
    return [
        _stage("node-initialize", "Node", unready, status=_NODE),
        _stage("node-heartbeat-with-lease", "Node", running, ready, status=_NODE_CONDITIONS, delay=600_000),
        _stage("pod-ready", "Pod", alive, _is(_BEHAVIOUR, "ready"), pending, unready, status=_RUNNING),
        _stage("pod-never-ready", "Pod", alive, _is(_BEHAVIOUR, "never-ready"), pending, status=_UNREADY),
        _stage("pod-crash-loop-start", "Pod", alive, crash, pending, status=_CRASHING),
        _stage("pod-crash-loop-again", "Pod", alive, crash, running, few, status=_CRASHING, delay=2000),
        _stage(
            "pod-image-changed",
            "Pod",
            alive,
            _is(_BEHAVIOUR, "ready"),
            running,
            ready,
            _is(_IMAGES_DIFFER, "true"),
            status=_RUNNING,
        ),
        _stage("pod-ephemeral", "Pod", alive, running, _is(_NEW_EPHEMERAL, "true"), status=_DEBUGGED),
        _stage("pod-complete", "Pod", alive, running, _is(".metadata.ownerReferences.[].kind", "Job"), status=_DONE),
        _stage("pod-delete", "Pod", leaving),
    ]


def write(file: Path) -> None:
    """Write kwok's configuration; a zero that is not said would count, so all that matters is."""
    options = {
        "enableCRDs": [],
        "manageAllNodes": True,
        "cidr": "10.244.0.0/16",
        "nodeIP": "127.0.0.1",
        "nodePort": 0,
        "nodeLeaseDurationSeconds": 120,
        "podPlayStageParallelism": 8,
        "nodePlayStageParallelism": 2,
        "nodeLeaseParallelism": 2,
        "podsOnNodeSyncParallelism": 4,
        "enablePodsOnNodeSyncStreamWatch": True,
    }
    head = {"apiVersion": "config.kwok.x-k8s.io/v1alpha1", "kind": "KwokConfiguration", "options": options}
    file.write_text(yaml.safe_dump_all([head, *_documents()], sort_keys=False, width=4000))
