"""What is known of a block only beside the others: who refers to it, and what else its module holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.references import references, references_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compliance.sources.terraform.modules import Module

Body = dict[str, Any]
# What says something about another resource, which otherwise seems to lack it.
_COMPANIONS: Final[Mapping[str, str]] = {
    "aws_flow_log": "aws_vpc",
    "aws_s3_bucket_versioning": "aws_s3_bucket",
}
_JOINED: Final = frozenset(_COMPANIONS.values())
_NOT_HERE: Final = "module"


def join(bodies: Sequence[Body], root: Module | None) -> None:
    """Complete the facts of every block of a configuration; of a plan, which has no `root`, as far as it tells."""
    _join_gateways(bodies)
    targets = [body for body in bodies if body["block"] == "resource" and body["type"] in _JOINED]
    if root is None or not targets:
        return
    users: dict[str, set[str]] = {body["address"]: set() for body in targets}
    for user, kind, reached in _users(bodies, root):
        found = users.keys() & reached
        if not found and kind != _NOT_HERE:
            possible = [body for body in targets if body["type"] == _COMPANIONS[kind]]
            alike = [body for body in possible if _speaks_of(user, body)]
            found = {body["address"] for body in alike or possible}
        for address in found:
            users[address].add(kind)
    for body in targets:
        body["used_by"] = sorted(users[body["address"]])


def _speaks_of(user: Body, body: Body) -> bool:
    """Whether both are given the same name, or the same references to make one of."""
    name = user["attributes"].get("bucket")
    if name is not None and name == body["attributes"].get("bucket"):
        return True
    return not set(user["references"]).isdisjoint(body["references"])


def _users(bodies: Iterable[Body], root: Module) -> Iterator[tuple[Body, str, set[str]]]:
    """Each companion and each called module that is not here, with all that it refers to."""
    edges, missing = _edges(root)
    for body in bodies:
        if body["block"] == "resource" and body["type"] in _COMPANIONS:
            yield body, body["type"], _reached(body["references"], edges)
        elif body["block"] == "module" and body["address"] in missing:
            yield body, _NOT_HERE, _reached(body["references"], edges)


def _reached(start: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    """What is referred to, also through local values, variables and outputs."""
    waiting, seen = list(start), set(start)
    while waiting:
        new = edges.get(waiting.pop(), set()) - seen
        seen |= new
        waiting.extend(new)
    return seen


def _edges(root: Module) -> tuple[dict[str, set[str]], set[str]]:
    """What local values, variables and called modules stand for; and the calls of modules that are not here."""
    edges: dict[str, set[str]] = {}
    missing: set[str] = set()
    for module in root.tree():
        prefix = module.address(indexed=False)
        for name, expression in module.configuration.locals().items():
            found = references_of([expression], module.resources)
            edges.setdefault(_within(prefix, f"local.{name}"), set()).update(_within(prefix, one) for one in found)
        for placed in module.configuration.blocks:
            if placed.block.type == "output" and prefix:
                found = references(placed.block, module.resources)
                edges.setdefault(prefix, set()).update(_within(prefix, one) for one in found)
            elif placed.block.type == "module":
                call = _within(prefix, f"module.{placed.block.labels[0]}")
                if module.children(placed) is None:
                    missing.add(call)
                for name, attribute in placed.block.attributes.items():
                    found = references_of([attribute.value], module.resources)
                    given = edges.setdefault(f"{call}.var.{name}", set())
                    given.update(_within(prefix, one) for one in found)
    return edges, missing


def _within(prefix: str, address: str) -> str:
    return f"{prefix}.{address}" if prefix else address


def _join_gateways(bodies: Sequence[Body]) -> None:
    """Each NAT gateway: how many its module has, and in how many zones its private subnets lie."""
    gateways: dict[object, list[Body]] = {}
    zones: dict[object, set[str]] = {}
    for body in bodies:
        if body["block"] == "resource" and body["type"] == "aws_nat_gateway":
            gateways.setdefault(body["module"], []).append(body)
        elif body["block"] == "resource" and body["type"] == "aws_subnet":
            zone = body["attributes"].get("availability_zone")
            if isinstance(zone, str) and not body["attributes"].get("map_public_ip_on_launch"):
                zones.setdefault(body["module"], set()).add(zone)
    for module, beside in gateways.items():
        known = all(one["repetition"] is None or one["repetition"]["instances"] is not None for one in beside)
        told = {"gateways": len(beside) if known else None, "zones": len(zones.get(module, ()))}
        for gateway in beside:
            gateway["nat"] = dict(told)
