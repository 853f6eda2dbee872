//go:build tools

// Package tools names the programs of a Kubernetes control plane, so that go.mod and go.sum hold their modules.
// k8s.io/kubernetes cannot be installed by version: its go.mod replaces the staging modules by folders. This module
// repeats these lines with the published modules (Kubernetes 1.A.B is k8s.io/x v0.A.B).
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
