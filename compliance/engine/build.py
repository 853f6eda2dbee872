"""Rules compiled by OPA: into a Wasm module that we run, or into a bundle that an OPA server loads."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from compliance import tools
from compliance.data import builtin_rules_folder, facts_schemas
from compliance.engine import entry, refused, rego_files
from compliance.errors import CatalogueError, EngineError, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.catalogue import Catalogue
    from compliance.private_cache import PrivateCache

_DEADLINE = 120.0
_PREAMBLE = re.compile(r"^error: (?:load error: |bundle \S+: )*(?:\d+ errors? occurred(?: during loading)?:\s*)?")
_PLACE = re.compile(r"\.rego:\d+: ")
_MAX_ERRORS = 10
_UNDEFINED = re.compile(r"undefined function (\S+)")


@dataclass(frozen=True, slots=True)
class Source:
    """All that a build depends on: the rules' files, the entry module, and the facts schemas that it answers for."""

    folders: tuple[Path, ...]
    files: tuple[rego_files.RegoFile, ...]
    entry: str
    schemas: tuple[str, ...]

    @property
    def finds(self) -> bool:
        """Whether any rule calls `regex.find_n`."""
        return any(entry.FIND_N.encode() in file.content for file in self.files)


def source(folders: Sequence[Path], entry_text: str, schemas: Sequence[str]) -> Source:
    """Read the rules of these folders.

    Raises:
        CatalogueError: a file cannot be read.
    """
    return Source(tuple(folders), rego_files.read(folders), entry_text, tuple(sorted(schemas)))


def source_of(catalogue: Catalogue) -> Source:
    """Read the rules of a catalogue; raises as `source` does."""
    schemas = facts_schemas()
    given = source(catalogue.folders, "", schemas)
    return replace(given, entry=entry.entry_rego(catalogue, schemas, finds=given.finds))


def module_of(catalogue: Catalogue, cache: PrivateCache) -> bytes:
    """Return the Wasm module of a catalogue: the one that we ship, or one compiled here and kept in `cache`.

    A developer's unbuilt change of a built-in rule is compiled too, so that nobody tries a rule and runs another.

    Raises:
        EngineError: what we ship is missing, or there is no `opa` to compile users' rules.
        CatalogueError: OPA refuses a user's rule.
        ToolError: `opa` overran its deadline or printed too much.
    """
    shipped = _shipped(catalogue.digest)
    return shipped if shipped is not None else kept_module(source_of(catalogue), cache)


def kept_module(given: Source, cache: PrivateCache) -> bytes:
    """Return the module of a source from `cache`, or compile and keep it; raises as `compile_wasm` does."""
    name = f"{_fingerprint(given)}.wasm"
    module = cache.get(name)
    if module is None:
        module = compile_wasm(given)
        cache.put(name, module)
    return module


def compile_wasm(given: Source) -> bytes:
    """Compile to Wasm with the `opa` on PATH; the same source gives the same bytes, wherever the folders lie.

    Raises:
        CatalogueError: OPA refuses a rule; the message has the user's own file and line.
        EngineError: there is no `opa` on PATH.
        ToolError: `opa` overran its deadline or printed too much.
    """
    arguments = ["--target", "wasm", "--prune-unused"]
    for name in entry.entrypoints(given.schemas, finds=given.finds):
        arguments += ["--entrypoint", name]
    bundle = _build(given, arguments, refused.NOT_PURE | refused.NOT_IN_WASM)
    with tarfile.open(fileobj=io.BytesIO(bundle)) as archive:
        module = archive.extractfile("/policy.wasm")
        if module is None:
            raise EngineError("opa built a bundle without a module", remedy=tools.INSTALL_HINTS["opa"])
        return module.read()


def build_bundle(given: Source) -> bytes:
    """Pack the rules as an OPA bundle (tar.gz) for a server; raises as `compile_wasm` does."""
    return _build(given, ["--target", "rego"], refused.NOT_PURE)


def _build(given: Source, arguments: Sequence[str], forbidden: frozenset[str]) -> bytes:
    opa = find_opa()
    with tempfile.TemporaryDirectory() as scratch:
        staged = Path(scratch, "bundle")
        stage(given, staged)
        capabilities = Path(scratch, "capabilities.json")
        capabilities.write_bytes(_capabilities(opa, forbidden))
        result = Path(scratch, "bundle.tar.gz")
        options = ["--bundle", "--capabilities", str(capabilities), "--output", str(result), *arguments]
        done = tools.run([opa, "build", *options, "."], deadline=_DEADLINE, cwd=staged)
        if done.returncode:
            raise _refusal((done.stdout + done.stderr).decode(errors="replace"), given.folders)
        return result.read_bytes()


def find_opa() -> Path:
    """Find `opa` on PATH, or raise an EngineError that says how to do with or without it."""
    try:
        return tools.find("opa")
    except ToolMissing as error:
        raise EngineError(error.message, remedy=f"{error.remedy}, or ask a server that has them: --opa-url") from error


def stage(given: Source, folder: Path) -> None:
    """Write the source as a bundle folder; a bundle may only define what is below its roots."""
    folder.mkdir()
    for file in given.files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    (folder / "entry.rego").write_text(given.entry, encoding="utf-8")
    (folder / ".manifest").write_text(json.dumps({"roots": ["rules", entry.PATH]}), encoding="utf-8")


def _shipped(digest: str) -> bytes | None:
    """The module that comes with us, when it was compiled from rules with this digest."""
    folder = builtin_rules_folder() / "compiled"
    try:
        if (folder / "digest").read_text(encoding="utf-8").strip() != digest:
            return None
        return (folder / "policy.wasm").read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        remedy = "in a checkout, run `compliance rules build`; otherwise install the package again"
        raise EngineError(f"{folder.as_posix()} cannot be read: {error.strerror}", remedy=remedy) from error


def _fingerprint(given: Source) -> str:
    parts = [given.entry.encode(), *(part for file in given.files for part in (file.name.encode(), file.content))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _capabilities(opa: Path, forbidden: frozenset[str]) -> bytes:
    done = tools.run([opa, "capabilities", "--current"], deadline=_DEADLINE)
    if done.returncode:
        raise EngineError("this opa is too old to list its capabilities", remedy=tools.INSTALL_HINTS["opa"])
    known = json.loads(done.stdout)
    known["builtins"] = [builtin for builtin in known["builtins"] if builtin["name"] not in forbidden]
    return json.dumps({**known, "allow_net": []}).encode()


def _refusal(complaint: str, folders: Sequence[Path]) -> CatalogueError:
    text = _PREAMBLE.sub("", complaint.strip())
    # Between the errors stand the lines of Rego that they are about.
    errors = [line for line in text.splitlines() if _PLACE.search(line)][:_MAX_ERRORS]
    said = rego_files.in_users_terms("; ".join(errors) or text, folders)
    undefined = _UNDEFINED.search(said)
    if undefined and undefined[1] in refused.NOT_PURE | refused.NOT_IN_WASM:
        return CatalogueError(f"{said}: {refused.why(undefined[1])}", remedy=refused.remedy(undefined[1]))
    return CatalogueError(said, remedy="correct the rule; `compliance rules check` says the same and more")
