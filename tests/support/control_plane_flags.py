"""How the parts of a control plane on loopback are started; a reason is given where it is not plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def flags_of(ports: Mapping[str, int], more: Sequence[str]) -> dict[str, list[str]]:
    """The command line of each part, `more` for the API server; relative paths are in the control plane's folder."""
    etcd, peer = (f"http://127.0.0.1:{ports[name]}" for name in ("etcd", "peer"))
    controllers = ["--leader-elect=false", "--bind-address=127.0.0.1", "--profiling=false"]
    fast = ["--kube-api-qps=2000", "--kube-api-burst=4000"]
    return {
        "etcd": [
            "--name=test",
            "--data-dir=etcd",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=test={peer}",
            "--quota-backend-bytes=4294967296",
            "--log-level=warn",
            "--unsafe-no-fsync",  # a test needs no durability
        ],
        "kube-apiserver": [
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={ports['apiserver']}",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",  # it would refuse to advertise a loopback address
            "--service-cluster-ip-range=10.96.0.0/16",
            "--tls-cert-file=pki/apiserver.crt",
            "--tls-private-key-file=pki/apiserver.key",
            "--client-ca-file=pki/ca.crt",
            "--service-account-key-file=pki/sa.pub",
            "--service-account-signing-key-file=pki/sa.key",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            "--token-auth-file=tokens.csv",
            "--authorization-mode=Node,RBAC",
            "--kubelet-certificate-authority=pki/ca.crt",
            "--kubelet-client-certificate=pki/kubelet-client.crt",
            "--kubelet-client-key=pki/kubelet-client.key",
            "--kubelet-preferred-address-types=InternalIP",  # it would ask DNS for the node's name
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            "--anonymous-auth=false",
            "--profiling=false",
            "--audit-policy-file=audit.yaml",
            "--audit-log-path=audit.log",
            "--audit-log-mode=blocking",
            "--cert-dir=pki/generated",
            *more,
        ],
        "kube-controller-manager": [
            "--kubeconfig=controllers.kubeconfig",
            f"--secure-port={ports['controllers']}",
            "--cert-dir=pki/generated-controllers",
            "--use-service-account-credentials=true",
            "--service-account-private-key-file=pki/sa.key",
            "--root-ca-file=pki/ca.crt",
            "--cluster-signing-cert-file=pki/ca.crt",
            "--cluster-signing-key-file=pki/ca.key",
            "--node-monitor-grace-period=1h",  # a machine that stalls must not make nodes NotReady
            *controllers,
            *fast,
        ],
        "kube-scheduler": [
            "--kubeconfig=scheduler.kubeconfig",
            f"--secure-port={ports['scheduler']}",
            "--cert-dir=pki/generated-scheduler",
            *controllers,
            *fast,
        ],
        "kwok": [
            "--kubeconfig=kwok.kubeconfig",
            "--config=kwok.yaml",
            f"--server-address=127.0.0.1:{ports['kubelet']}",
            "--tls-cert-file=pki/kubelet.crt",
            "--tls-private-key-file=pki/kubelet.key",
        ],
    }
