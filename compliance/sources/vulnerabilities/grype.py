"""Grype: finds it, sees that its database is fit, runs it without a network, and reads what it found."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compliance import bounded_files, tools
from compliance.errors import ReadError, ToolMissing
from compliance.sources.vulnerabilities import grype_database, grype_report, running
from compliance.sources.vulnerabilities.coverage import Coverage, covered
from compliance.sources.vulnerabilities.databases import age_gaps
from compliance.sources.vulnerabilities.records import Form, Outcome, failure, gap

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from compliance.model import Gap
    from compliance.sources.vulnerabilities.bill_of_materials import BillOfMaterials
    from compliance.sources.vulnerabilities.grype_database import GrypeDatabase
    from compliance.sources.vulnerabilities.records import ImageContent, Report, Seen
    from compliance.vulnerability_settings import VulnerabilitySettings

NAME: Final = "grype"
_VERSION: Final = re.compile(rb"^Version:\s+(\S+)", re.MULTILINE)
_VERSION_DEADLINE: Final = 60.0
_BILL: Final = "packages.json"


def look(
    content: ImageContent, settings: VulnerabilitySettings, now: datetime, bill: BillOfMaterials | None
) -> Outcome:
    """Scan an image or bill of materials; what stands in the way becomes a gap of the outcome."""
    version = None
    try:
        with running.empty_folder() as folder:
            grype = _Grype(tools.find(NAME), folder, content, settings)
            version = grype.version()
            return _look(grype, version, now, bill)
    except ToolMissing as error:
        return failure(NAME, content, ReadError(error.message, remedy=error.remedy))
    except ReadError as error:
        return failure(NAME, content, error, version=version)
    except OSError as error:
        return failure(NAME, content, running.unprepared(NAME, error), version=version)


def _look(grype: _Grype, version: str | None, now: datetime, bill: BillOfMaterials | None) -> Outcome:
    content, gaps = grype.content, list(grype.updated())
    try:
        database = grype_database.read(grype.cache)
        report = grype.report(database)
        report = _dated(report, database)
    except ReadError as error:
        found = failure(NAME, content, error, version=version)
        return replace(found, gaps=(*gaps, *found.gaps))
    gaps += age_gaps(NAME, database.built_at, content, grype.settings, now)
    outcome = Outcome(NAME, version, database.built_at, gaps=tuple(gaps))
    return covered(outcome, report, Coverage(content, _judge(database), bill))


def _judge(database: GrypeDatabase) -> Callable[[Seen, Report], bool | None]:
    def judges(seen: Seen, report: Report) -> bool | None:
        if not seen.of_distribution:
            return database.judges_ecosystem(seen.ecosystem)
        distribution = report.distribution
        return bool(distribution and database.judges_distribution(distribution.name, distribution.version))

    return judges


def _dated(report: Report, database: GrypeDatabase) -> Report:
    """Add what the database knows and the report leaves out: publication dates, and the distribution's last day."""
    dates = database.published(name for match in report.matches for name in match.ids)
    matches = tuple(
        replace(match, published=min((dates[name] for name in match.ids if name in dates), default=None))
        for match in report.matches
    )
    distribution = report.distribution
    if distribution:
        ends = database.end_of_life(distribution.name, distribution.version)
        distribution = replace(distribution, end_of_life=ends)
    return replace(report, matches=matches, distribution=distribution)


@dataclass(frozen=True, slots=True)
class _Grype:
    """The program, ready to run for one image in an empty folder."""

    program: Path
    folder: Path
    content: ImageContent
    settings: VulnerabilitySettings

    @property
    def cache(self) -> Path:
        return (self.settings.grype_cache or grype_database.default_cache()).resolve()

    def version(self) -> str | None:
        found = _VERSION.search(self._run("version", deadline=_VERSION_DEADLINE).stdout)
        return found[1].decode() if found else None

    def updated(self) -> tuple[Gap, ...]:
        """Fetch a database where that is allowed; a gap where it fails. Grype itself sees whether one is due."""
        if not self.settings.update:
            return ()
        try:
            done = self._run("db", "update")
            why = running.complaint(done) if done.returncode else ""
        except ReadError as error:
            why = error.message
        remedy = (
            "see that the database's address can be reached, or name a mirror in images.vulnerabilities."
            "grype_update_url; without an update the database that is there is used"
        )
        return (gap(self.content, f"grype's database could not be updated: {why}", remedy),) if why else ()

    def report(self, database: GrypeDatabase) -> Report:
        scheme = "oci-dir" if self.content.form is Form.LAYOUT else "sbom"
        target = f"{scheme}:{self.content.path.resolve()}"
        bill = self.folder / _BILL
        done = self._run(target, "--output", "json", "--output", f"cyclonedx-json={bill}")
        if done.returncode:
            remedy = "run grype on the image by itself to see what it says; a newer grype may know this kind of image"
            raise ReadError(f"grype failed (exit status {done.returncode}): {running.complaint(done)}", remedy=remedy)
        try:
            packages = _read(bill)
            return grype_report.parse(done.stdout, packages, exploited_known=database.exploited_known)
        except ReadError as error:
            remedy = "use a release of grype that this tool was tested with, 0.120"
            raise ReadError(f"what grype reports cannot be understood: {error.message}", remedy=remedy) from error

    def _run(self, *arguments: str, deadline: float | None = None) -> tools.Completed:
        """Run it with settings of its own in place of a user's, whose `ignore` rules would hide findings."""
        settings = self.folder / "grype.yaml"
        settings.write_text("{}\n", encoding="utf-8")
        env = {
            "GRYPE_DB_CACHE_DIR": str(self.cache),
            "GRYPE_DB_AUTO_UPDATE": "false",
            "GRYPE_DB_VALIDATE_AGE": "false",
            "GRYPE_CHECK_FOR_APP_UPDATE": "false",
        }
        if self.settings.grype_update_url:
            env["GRYPE_DB_UPDATE_URL"] = self.settings.grype_update_url
        argv: list[str | Path] = [self.program, *arguments, "--config", settings]
        return running.run(argv, folder=self.folder, deadline=deadline or self.settings.deadline, env=env)


def _read(path: Path) -> bytes:
    try:
        return bounded_files.read(path, running.MAX_OUTPUT)
    except OSError as error:
        raise ReadError(f"its list of packages cannot be read: {error.strerror}") from error
