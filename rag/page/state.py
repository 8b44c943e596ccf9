"""What the tabs share of one visitor: the index, the filters, how answers are made."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr
from gradio.events import Dependency


@dataclass(frozen=True, slots=True)
class Settings:
    """How answers are made."""

    profile: str = "default"
    """A name of `rag.models.PROFILES`; it chooses the model when `model` is None."""
    model: str | None = None
    """A name of the catalogue, a path, a hub id or the URL of a server."""
    k: int = 10
    """Passages to retrieve."""
    strict: bool = False
    """Whether sentences with a figure that does not stand word for word in their quote are withheld,
    and doubtful answers refused sooner; see `rag.reader.Reader.answer`."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The states that more than one tab reads or changes, and when they may be read."""

    index: gr.State
    """Name of the index, str; changed by the library."""
    filters: gr.State
    """`rag.schema.Filters` that every question of this visitor is put with."""
    settings: gr.State
    """`Settings`."""
    changed: gr.State
    """A number that is another one whenever indexes or documents change; set by the library."""
    entered: Dependency
    """The event after which `index` is the visitor's: whatever a page shows of it when it opens
    comes `then`. An event beside it would read the index before, and could set it back."""
