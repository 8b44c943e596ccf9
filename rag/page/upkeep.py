"""Long work as jobs, and what the page shows of it: uploads, new and rebuilt indexes, fetches.

A job goes on when its visitor leaves or reloads; `resume` shows it again. Knows nothing of Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from rag.errors import RagError
from rag.language import speaking
from rag.models import PROFILES
from rag.page import listing, shelf, uploads, weights
from rag.page.intake import Intake
from rag.page.jobs import Cancelled, Job
from rag.page.progress import bars, notice
from rag.page.service import Service
from rag.page.uploads import Upload, shown_name
from rag.page.words import Words

_log = logging.getLogger(__name__)
_WEIGHTS = "/weights"
"""Key of the job that fetches models; no index has a slash in its name."""
Work = Callable[[weights.Tell], str]
"""Does something, tells how far it is, and returns the outcome as HTML."""


class Upkeep:
    """The jobs of a service, in the words of one language.

    What yields, yields HTML: how far the work is, at last its outcome. Jobs on one index come one
    after the other.
    """

    def __init__(self, service: Service, words: Words) -> None:
        """Take what is shared by everybody on the page."""
        self._service = service
        self._words = words

    def upload(self, index: str, profile: str, arrived: Sequence[Upload]) -> Iterator[str]:
        """Take uploads into an index, which is made where it is missing."""

        def work(tell: weights.Tell) -> str:
            try:
                embedder = shelf.embedder_name(index, PROFILES[profile].embedder)
                weights.fetch([embedder], tell)
                added = shelf.add(index, self._service.embedder(embedder), arrived, tell)
            finally:
                uploads.discard(arrived)
            return listing.report(added.refused, added.report, self._words)

        title = self._words(f"Taking files into “{index}”", f"正在入库：{index}")
        return self._run(index, title, work, [shown_name(upload.original) for upload in arrived])

    def make(self, name: str, profile: str) -> Iterator[str]:
        """Make an empty index."""

        def work(tell: weights.Tell) -> str:
            embedder = PROFILES[profile].embedder
            weights.fetch([embedder], tell)
            shelf.create(name, self._service.embedder(embedder))
            return notice(self._words(f"Index “{name}” is ready.", f"索引“{name}”已建立。"))

        return self._run(name, self._words(f"Making “{name}”", f"正在建立：{name}"), work)

    def rebuild(self, index: str) -> Iterator[str]:
        """Build an index anew; the old state serves until the new one is whole."""

        def work(tell: weights.Tell) -> str:
            embedder = shelf.embedder_name(index, "")
            weights.fetch([embedder], tell)
            report = shelf.rebuild(index, self._service.embedder(embedder), tell)
            self._service.close_index(index)
            return listing.report((), report, self._words)

        title = self._words(f"Building “{index}” anew", f"正在重建：{index}")
        return self._run(index, title, work)

    def fetch(self, profile: str, model: str | None) -> Iterator[str]:
        """Fetch the models of a profile that are missing."""

        def work(tell: weights.Tell) -> str:
            weights.fetch(weights.wanted(profile, model), tell)
            return notice(self._words("The models are ready.", "模型已就绪。"))

        return self._run(_WEIGHTS, self._words("Fetching models", "正在下载模型"), work)

    def resume(self, index: str | None = None) -> Iterator[str]:
        """Show the job that runs on an index, or the fetch of models, if there is one."""
        job = self._service.jobs.running(index or _WEIGHTS)
        if job is not None:
            yield from self._shown(job)

    def stop(self, index: str) -> None:
        """Have the job on an index stop; what is stored stays stored."""
        job = self._service.jobs.running(index)
        if job is not None:
            job.cancel()

    def _run(self, key: str, title: str, work: Work, names: Sequence[str] = ()) -> Iterator[str]:
        intake = Intake(self._words, title, names)

        def run(job: Job[str]) -> str:
            def tell(stage: str, name: str, done: int, total: int) -> None:
                intake.heard(stage, name, done, total)
                job.tell()

            with speaking(self._words.language):
                return work(tell)

        while (job := self._service.jobs.start(key, run, intake)) is None:
            other = self._service.jobs.running(key)
            yield notice(self._words("Waiting for the work before …", "等待前一项任务……"))
            if other is not None:
                yield from self._shown(other)
        yield from self._shown(job)

    def _shown(self, job: Job[str]) -> Iterator[str]:
        for _ in job.look():
            yield bars(job.subject.title, job.subject.steps())
        try:
            yield job.result()
        except Cancelled:
            yield notice(self._words("Stopped; what was done stays.", "已停止；已完成的部分保留。"))
        except RagError as error:
            yield notice(self._words.error(error), bad=True)
        except Exception as error:
            _log.exception("a job on %r failed", job.subject.title)
            yield notice(self._words.error(error), bad=True)
