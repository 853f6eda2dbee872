"""The loop over images: references -> facts -> engine -> findings and gaps -> assessment.

Several images are looked at at a time, and judged in the order in which they were named.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from compliance import image_reference
from compliance.assessing import Bookkeeping, Run, Tally
from compliance.errors import ContentError
from compliance.model import Assessment, Target
from compliance.sources.images.base import current_base
from compliance.sources.images.collecting import Collected, collect
from compliance.sources.images.limits import Limits
from compliance.sources.images.terms import Terms
from compliance.supply_chain.opening import open_image
from compliance.supply_chain.registry import Registries
from compliance.supply_chain.trust import ready

if TYPE_CHECKING:
    from compliance.assessing import Progress
    from compliance.sources.images.base import CurrentBase
    from compliance.sources.images.terms import WantedBill
    from compliance.supply_chain.content import Platform
    from compliance.supply_chain.registry import Access
    from compliance.supply_chain.verification import Judge

_JOBS = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What to judge, and by what: references, paths of layouts and archives; see `sources.images.terms` for the rest.

    `judge` evaluates the conditions of verification policies; `check_base` asks what the tags of base images name now;
    `jobs` images are looked at at a time; a `bill` of materials is made where there is one image only.
    """

    images: tuple[str, ...]
    run: Run
    access: Access
    judge: Judge
    platforms: tuple[Platform, ...] | str = ()
    check_base: bool = False
    bill: WantedBill | None = None
    jobs: int = _JOBS
    limits: Limits = field(default_factory=Limits)


def scan_images(request: Request, progress: Progress = lambda _what, _done, _total: None) -> Assessment:
    """Judge all images that the request names.

    Raises:
        UsageError: a text is neither a reference nor a path.
        ConfigurationError: waivers, baseline, or the keys of a verification policy cannot be read.
        EngineError: the engine is of no use as a whole.
    """
    run, texts = request.run, tuple(dict.fromkeys(request.images))
    bookkeeping, tally = Bookkeeping(run), Tally()
    with ExitStack() as stack:
        registries = stack.enter_context(Registries(request.access))
        pool = stack.enter_context(ThreadPoolExecutor(request.jobs + 1))
        prepared = pool.submit(run.prepare)
        looks = pool.map(partial(collect, terms=_terms(request, registries)), texts)
        progress("looking", 0, len(texts))
        facts = []
        for number, collected in enumerate(looks, 1):
            _take(collected, tally)
            facts.extend(collected.facts)
            progress("looking", number, len(texts))
        if facts:
            prepared.result()
            engine = run.open_engine()
            stack.callback(engine.close)
            for judged in run.judge(engine).judge(facts):
                tally.take_judged(judged)
    return bookkeeping.assess(tally, (Target("image", text) for text in texts))


def _terms(request: Request, registries: Registries) -> Terms:
    run = request.run
    opened = partial(open_image, access=request.access, now=run.now, registries=registries)

    def resolve_base(text: str, platform: Platform) -> CurrentBase:
        try:
            reference = image_reference.parse(text)
        except ValueError as error:
            raise ContentError(str(error)) from error
        repository = registries.open(reference)
        return current_base(repository, reference.digest or reference.tag, platform, request.limits)

    return Terms(
        now=run.now,
        settings=run.config.images,
        limits=request.limits,
        open=opened,
        ready=ready,
        judge=request.judge,
        platforms=request.platforms,
        resolve_base=resolve_base if request.check_base else None,
        bill=request.bill,
    )


def _take(collected: Collected, tally: Tally) -> None:
    tally.inputs.extend(collected.inputs)
    tally.gaps.extend(collected.gaps)
    tally.passed_over.extend(collected.passed_over)
    tally.scanners.extend(collected.scanners)
