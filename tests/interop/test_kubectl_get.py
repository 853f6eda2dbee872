"""`kubectl get` as a value."""

import pytest

from compliance.errors import ReadError
from compliance.interop.kubectl_get import Get, read_get
from compliance.interop.shell_words import read_pipeline


def read(script: str) -> tuple[Get, ...]:
    (command,) = read_pipeline(script)
    return read_get(command, script)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("get pods -o json", [Get("pods")]),
        ("get Pods -ojson", [Get("pods")]),
        ("get po,deploy.apps --output=json", [Get("po"), Get("deploy.apps")]),
        ("get pods -A -o json", [Get("pods", all_namespaces=True)]),
        ("get pods -Ao json", [Get("pods", all_namespaces=True)]),
        ("get pods -n a -A -o json", [Get("pods", all_namespaces=True)]),
        ("get pods --all-namespaces=false -o json", [Get("pods")]),
        ("-n prod get pods -o=json", [Get("pods", namespace="prod")]),
        ("get pods -nprod -o json", [Get("pods", namespace="prod")]),
        ("get pods --namespace a --namespace=b -o json", [Get("pods", namespace="b")]),
        ("get pods web -o json", [Get("pods", name="web")]),
        ("get pod/web -o json", [Get("pod", name="web")]),
        ("get pods -l 'app=web,tier in (a, b),!x' -o json", [Get("pods", selector="app=web,tier in (a, b),!x")]),
        ("get pods --selector app -o json", [Get("pods", selector="app")]),
        (
            "get pods --field-selector=status.phase!=Running -o json",
            [Get("pods", field_selector="status.phase!=Running")],
        ),
        ("get pods --show-managed-fields --no-headers --chunk-size=0 -o json", [Get("pods", managed_fields=True)]),
    ],
)
def test_options_are_read_as_kubectl_reads_them(options: str, expected: list[Get]) -> None:
    assert list(read(f"kubectl {options}")) == expected


@pytest.mark.parametrize(
    ("script", "why", "column"),
    [
        ("oc get pods -o json", "the program 'oc' is not run", 1),
        ("A=1 kubectl get pods -o json", "the program 'A=1' is not run", 1),
        ("kubectl delete pods -o json", "only kubectl get", 9),
        ("kubectl", "only kubectl get", 1),
        ("kubectl get -o json", "names no resource", 1),
        ("kubectl get pods", "-o json", 1),
        ("kubectl get pods -o yaml", "-o json", 21),
        ("kubectl get pods -o", "-o needs a value", 18),
        ("kubectl get pods a b -o json", "takes one name", 20),
        ("kubectl get pod/a pod/b -o json", "one RESOURCE/NAME", 13),
        ("kubectl get all -o json", "names no resources", 13),
        ("kubectl get pods, -o json", "names no resources", 13),
        ("kubectl get pods web -A -o json", "a name is asked for in all namespaces", 1),
        ("kubectl get pods web -l a=b -o json", "a name and a selector", 1),
        ("kubectl get pods -l a=b=c -o json", "is no label selector", 21),
        ("kubectl get pods --field-selector status.phase -o json", "is no field selector", 35),
        ("kubectl get pods --context prod -o json", "--context: which cluster is asked", 18),
        ("kubectl get pods --as=root -o json", "--as: which cluster is asked", 18),
        ("kubectl get pods -w -o json", "option -w", 18),
        ("kubectl get --raw /api -o json", "option --raw", 13),
        ("kubectl get -f pods.yaml -o json", "option -f", 13),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_place(script: str, why: str, column: int) -> None:
    with pytest.raises(ReadError) as refused:
        read(script)
    assert why in refused.value.message
    assert refused.value.remedy
    assert refused.value.span is not None
    assert refused.value.span.column == column
