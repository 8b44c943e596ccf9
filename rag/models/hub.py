"""The Hugging Face hub, and plain addresses of GGUF files -> files on disk.

Knows nothing of the catalogue's cache or of wheels. Downloads resume; a hub that does not answer
within three seconds is not asked again by this process.
"""

from __future__ import annotations

import functools
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from rag.errors import ModelError
from rag.models.progress import Progress

_PATIENCE = 3.0
"""Seconds the hub has for a first answer; a blocked network must not look like a hang."""
_READ_BYTES = 1 << 20
_READ_PATIENCE = 60.0
_OTHER_FORMATS = (".onnx", ".h5", ".msgpack", ".ot", ".tflite", ".gguf")
_TRUE = {"1", "true", "yes", "on"}


class RemoteFile(NamedTuple):
    """A file of a hub repository."""

    path: str
    size: int


def is_offline() -> bool:
    """Return whether the user forbade all network use (``RAG_OFFLINE``)."""
    return os.environ.get("RAG_OFFLINE", "").lower() in _TRUE


def is_reachable() -> bool:
    """Return whether the hub may be asked and answers; found out once a process."""
    if is_offline() or os.environ.get("HF_HUB_OFFLINE", "").lower() in _TRUE:
        return False
    return _answers(_endpoint())


def fetch(
    repository: str,
    files: Iterable[RemoteFile],
    name: str,
    progress: Progress,
    *,
    revision: str | None = None,
    folder: Path | None = None,
) -> Path:
    """Return the folder that holds `files`: `folder`, or the hub's own cache when it is None.

    Raises:
        ModelError: if the hub refuses (a gated repository, a wrong name) or the connection fails.
    """
    from huggingface_hub import hf_hub_download

    wanted = sorted(files, key=lambda file: file.size)
    meter = _Meter(name, sum(file.size for file in wanted), progress)
    place = Path()
    for file in wanted:
        with _Explained(repository):
            got = hf_hub_download(
                repository,
                file.path,
                revision=revision,
                local_dir=folder,
                endpoint=_endpoint(),
                tqdm_class=meter.bar_class(),
            )
        place = Path(got).parents[file.path.count("/")]
        meter.finish(file.size)
    return place


def fetch_repository(repository: str, progress: Progress) -> Path:
    """Return the folder of a transformers or sentence-transformers model of the hub.

    Weights in other formats are left out, and pickled ones where safetensors are there.

    Raises:
        ModelError: as `fetch`, or if the repository holds GGUF files only: one has to be named.
    """
    if not is_reachable():
        return _cached(repository, None)
    from huggingface_hub import HfApi

    with _Explained(repository):
        info = HfApi(endpoint=_endpoint()).model_info(repository, files_metadata=True)
    files = [RemoteFile(f.rfilename, f.size or 0) for f in info.siblings or ()]
    kept = _loadable(files)
    if not any(file.path.endswith((".safetensors", ".bin")) for file in kept):
        ggufs = ", ".join(f.path for f in files if f.path.endswith(".gguf")) or "-"
        raise ModelError(
            f"{repository} is not one model to load; name one of its GGUF files, as in"
            f" {repository}:FILE.gguf; it has: {ggufs}",
            f"{repository} 不是单个可加载的模型；请指定其中的 GGUF 文件，例如"
            f" {repository}:FILE.gguf；现有：{ggufs}",
        )
    return fetch(repository, kept, repository, progress, revision=info.sha)


def fetch_file(repository: str, path: str, progress: Progress) -> Path:
    """Return one file of a hub repository, kept in the hub's own cache.

    Raises:
        ModelError: as `fetch`.
    """
    if not is_reachable():
        return _cached(repository, path)
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    with _Explained(repository):
        size = get_hf_file_metadata(hf_hub_url(repository, path, endpoint=_endpoint())).size or 0
    return fetch(repository, [RemoteFile(path, size)], path, progress) / path


def fetch_url(url: str, target: Path, progress: Progress) -> None:
    """Write the GGUF file at `url` to `target`, going on where an earlier attempt stopped.

    Raises:
        ModelError: if the network is forbidden or fails, or what is there is no GGUF file.
    """
    if is_offline():
        raise ModelError(
            f"RAG_OFFLINE is set and {url} is not in the cache; unset it, or name a local file",
            f"已设置 RAG_OFFLINE，且缓存中没有 {url}；请取消该设置，或指定本地文件",
        )
    draft = target.with_name(f"{target.name}.part")
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        _continue(url, draft, target.name, progress)
    except OSError as error:
        raise _failed(url, str(getattr(error, "reason", error))) from None
    with draft.open("rb") as stream:
        magic = stream.read(4)
    if magic != b"GGUF":
        draft.unlink()
        raise ModelError(
            f"{url} is not a GGUF file; expected the address of the file itself, ending in .gguf",
            f"{url} 不是 GGUF 文件；应为文件本身的地址，以 .gguf 结尾",
        )
    os.replace(draft, target)


def _continue(url: str, draft: Path, name: str, progress: Progress) -> None:
    """Append to `draft` what it lacks of the file at `url`."""
    done = draft.stat().st_size if draft.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    try:
        answer = urllib.request.urlopen(request, timeout=_READ_PATIENCE)
    except urllib.error.HTTPError as error:
        if error.code == 416 and done:  # nothing is left: the draft is whole
            return
        raise
    with answer:
        if answer.status != 206:  # the server does not resume
            done = 0
        total = done + int(answer.headers.get("Content-Length") or 0)
        with draft.open("ab" if done else "wb") as out:
            while block := answer.read(_READ_BYTES):
                out.write(block)
                done += len(block)
                progress.advance_to(name, done, max(total, done))
    if done < total:
        raise OSError(f"{done} of {total} bytes")


def _endpoint() -> str:
    """Return the hub's address, or that of a mirror the user named as its own client asks."""
    return os.environ.get("HF_ENDPOINT") or "https://huggingface.co"


@functools.cache
def _answers(endpoint: str) -> bool:
    """Return whether `endpoint` sends any answer but a server error in time.

    In a thread because looking up a host name cannot be given a time limit.
    """
    found: list[bool] = []

    def ask() -> None:
        try:
            request = urllib.request.Request(endpoint, method="HEAD")
            urllib.request.urlopen(request, timeout=_PATIENCE).close()
            found.append(True)
        except urllib.error.HTTPError as error:
            found.append(error.code < 500)
        except (OSError, ValueError):
            found.append(False)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return bool(found) and found[0]


def _loadable(files: list[RemoteFile]) -> list[RemoteFile]:
    kept = [f for f in files if not f.path.endswith(_OTHER_FORMATS) and not _is_export(f.path)]
    if any(f.path.endswith(".safetensors") for f in kept):
        kept = [f for f in kept if not f.path.endswith((".bin", ".pt", ".pth"))]
    return kept


def _is_export(path: str) -> bool:
    return path.split("/")[0] in ("onnx", "openvino", "coreml", "original")


def _cached(repository: str, path: str | None) -> Path:
    """Return what the hub's own cache has of a repository: a file, or the folder."""
    from huggingface_hub import hf_hub_download, snapshot_download

    try:
        if path:
            return Path(hf_hub_download(repository, path, local_files_only=True))
        return Path(str(snapshot_download(repository, local_files_only=True)))
    except (OSError, ValueError):
        raise ModelError(
            f"{repository} is neither a local path nor in the hub's cache, and the Hugging Face hub"
            " cannot be reached; models that come without it: rag models list",
            f"{repository} 既不是本地路径，也不在 hub 缓存中，且无法访问 Hugging Face hub；"
            "无需它即可下载的模型：rag models list",
        ) from None


class _Explained:
    """Turns what goes wrong with the hub inside the block into one line."""

    def __init__(self, repository: str) -> None:
        self._repository = repository

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Translate the errors of the hub client: all are OSErrors but a malformed name."""
        from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, HFValidationError

        if isinstance(error, GatedRepoError):
            page = f"https://huggingface.co/{self._repository}"
            raise ModelError(
                f"{self._repository} is gated: accept its terms at {page}, then: hf auth login",
                f"{self._repository} 需要授权：请在 {page} 接受条款，然后运行：hf auth login",
            ) from None
        if isinstance(error, (OSError, EntryNotFoundError, HFValidationError)):
            raise _failed(self._repository, str(error).splitlines()[0] or repr(error)) from None


class _Meter:
    """Adds up the bytes of several files, of which one is being fetched."""

    def __init__(self, name: str, total: int, progress: Progress) -> None:
        self._name = name
        self._total = total
        self._progress = progress
        self._finished = 0

    def finish(self, size: int) -> None:
        self._finished += size
        self._progress.advance_to(self._name, self._finished, self._total)

    def bar_class(self) -> type[Any]:
        """Return a bar for the hub client that draws nothing and reports to this meter."""
        from tqdm import tqdm  # type: ignore[import-untyped]

        meter = self

        class Bar(tqdm):
            def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
                options.pop("name", None)
                super().__init__(*args, **(options | {"disable": True}))
                self.n = options.get("initial") or 0

            def update(self, n: float | None = 1) -> None:
                self.n += n or 0
                done = min(meter._finished + int(self.n), meter._total)
                meter._progress.advance_to(meter._name, done, meter._total)

        return Bar


def _failed(source: str, reason: str) -> ModelError:
    return ModelError(
        f"{source} could not be fetched: {reason}; check the name and the network, then repeat the"
        " command: it goes on where it stopped",
        f"无法下载 {source}：{reason}；请检查名称与网络，然后重复该命令，下载会继续",
    )
