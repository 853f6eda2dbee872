"""Writes the files that the benchmark reads: the same ones every time, each a little different from the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
  namespace: team-{team}
  labels:
    app: app-{n}
    version: v1.{minor}.0
  annotations:
    kubernetes.io/change-cause: "release {n}"
spec:
  replicas: {replicas}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      app: app-{n}
  template:
    metadata:
      labels:
        app: app-{n}
        version: v1.{minor}.0
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
      - name: app
        image: registry.example.com/team-{team}/app-{n}:v1.{minor}.0{digest}
        imagePullPolicy: IfNotPresent
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: LOG_LEVEL
          value: "info"
        - name: PASSWORD
          valueFrom:
            secretKeyRef:
              name: app-{n}
              key: password
        resources:
          requests:
            cpu: 200m
            memory: 256Mi
          limits:
            cpu: 500m
            memory: 256Mi
        readinessProbe:
          httpGet:
            path: /health/ready
            port: http
          periodSeconds: 10
        livenessProbe:
          httpGet:
            path: /health/live
            port: http
          periodSeconds: 20
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
        volumeMounts:
        - name: config
          mountPath: /etc/app
          readOnly: true
      - name: proxy
        image: registry.example.com/base/proxy:{tag}{digest}
        args: ["--listen=:8443", "--upstream=localhost:8080"]
        ports:
        - name: https
          containerPort: 8443
        resources:
          requests:
            cpu: 50m
            memory: 64Mi
{limits}        readinessProbe:
          tcpSocket:
            port: https
{liveness}      volumes:
      - name: config
        configMap:
          name: app-{n}-20261101
"""

_LIMITS = """\
          limits:
            cpu: 100m
            memory: 64Mi
"""

_LIVENESS = """\
        livenessProbe:
          tcpSocket:
            port: https
          initialDelaySeconds: 10
"""

_DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG BASE=registry.example.com/base/debian:12.{minor}
FROM registry.example.com/base/golang:1.26 AS builder
WORKDIR /src
COPY . .
RUN go mod download && \\
    CGO_ENABLED=0 go build -trimpath -o /out/app-{n} ./cmd/app

FROM ${{BASE}}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \\
 && rm -rf /var/lib/apt/lists/*
ENV TZ=Asia/Shanghai PORT=80{team:02}
COPY --from=builder /out/app-{n} /opt/app
{user}EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD curl -f http://localhost:8080/health || exit 1
ENTRYPOINT ["/opt/app"]
"""

_TERRAFORM = {
    "variables.tf": """\
variable "environment" {{
  type    = string
  default = "team-{team}"
}}

variable "zones" {{
  type    = list(string)
  default = ["us-west-2a", "us-west-2b"]
}}
""",
    "main.tf": """\
locals {{
  name = "${{var.environment}}-app-{n}"
}}

resource "aws_instance" "app" {{
  count             = length(var.zones)
  ami               = "ami-0c55b159cbfa{n:04x}"
  instance_type     = "t3.micro"
  availability_zone = var.zones[count.index]

  vpc_security_group_ids = [aws_security_group.app.id]

  tags = {{
    Name = "${{local.name}}-${{count.index}}"
  }}

  lifecycle {{
    create_before_destroy = true
  }}
}}

resource "aws_security_group" "app" {{
  name        = local.name
  description = "application {n}"

  ingress {{
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["{source}"]
  }}
}}

resource "aws_s3_bucket" "data" {{
  bucket = "${{local.name}}-data"
}}
""",
}


def _values(number: int) -> dict[str, object]:
    """What differs from file to file; every fault is in some of them only, as it is in a real repository."""
    return {
        "n": number,
        "team": number % 20,
        "minor": number % 37,
        "replicas": 1 + number % 4,
        "digest": "" if number % 2 == 0 else f"@sha256:{number:064x}",
        "limits": "" if number % 4 == 0 else _LIMITS,
        "liveness": "" if number % 3 == 0 else _LIVENESS,
        "tag": "latest" if number % 10 == 0 else f"v3.{number % 9}.1",
        "user": "" if number % 5 == 0 else "USER 10001\n",
        "source": "0.0.0.0/0" if number % 4 == 0 else "10.0.0.0/8",
    }


def deployments(folder: Path, count: int) -> Path:
    """`count` files in folders of a hundred, each with one Deployment of two containers."""
    for number in range(count):
        _write(folder / f"{number // 100:03}" / f"app-{number:05}.yaml", _DEPLOYMENT.format(**_values(number)))
    return folder


def dockerfiles(folder: Path, count: int) -> Path:
    """`count` folders, each with a Dockerfile of two stages."""
    for number in range(count):
        _write(folder / f"app-{number:05}" / "Dockerfile", _DOCKERFILE.format(**_values(number)))
    return folder


def terraform_folders(folder: Path, count: int) -> Path:
    """`count` small root modules: variables with defaults, locals, a counted resource, references."""
    for number in range(count):
        for name, text in _TERRAFORM.items():
            _write(folder / f"app-{number:05}" / name, text.format(**_values(number)))
    return folder


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
