"""A rule names things; the object has them by number."""

from compliance.sources.kubernetes.paths import at_of, path_of

OBJECT = {
    "metadata": {"annotations": {"kubernetes.io/change-cause": "v1"}},
    "spec": {
        "template": {
            "spec": {
                "containers": [
                    {"name": "web", "image": "a", "ports": [{"containerPort": 80}]},
                    {"name": "proxy", "image": "b"},
                ]
            }
        }
    },
}
PROXY = ("spec", "template", "spec", "containers", 1)


def test_a_container_is_found_by_its_name() -> None:
    assert path_of("containers[proxy].image", OBJECT, {"containers[proxy]": PROXY}) == (*PROXY, "image")


def test_what_is_missing_leads_to_what_would_hold_it() -> None:
    assert path_of("containers[proxy].readinessProbe.httpGet", OBJECT, {"containers[proxy]": PROXY}) == PROXY


def test_a_key_with_dots_stands_in_brackets() -> None:
    path = ("metadata", "annotations", "kubernetes.io/change-cause")
    assert path_of("metadata.annotations[kubernetes.io/change-cause]", OBJECT, {}) == path
    assert at_of(path, OBJECT) == "metadata.annotations[kubernetes.io/change-cause]"


def test_an_item_without_name_goes_by_its_other_key() -> None:
    path = ("spec", "template", "spec", "containers", 0, "ports", 0, "containerPort")
    at = at_of(path, OBJECT)
    assert at == "spec.template.spec.containers[web].ports[80].containerPort"
    assert path_of(at, OBJECT, {}) == path


def test_reordering_changes_no_name() -> None:
    spec = OBJECT["spec"]["template"]["spec"]
    turned = {"spec": {"template": {"spec": {"containers": spec["containers"][::-1]}}}}
    assert at_of(PROXY, OBJECT) == at_of((*PROXY[:-1], 0), turned)
