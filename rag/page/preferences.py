"""What a browser kept of a visitor's settings, or sends -> `Settings` that may be acted on."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from rag.models import PROFILES
from rag.page.state import Settings

FEWEST, MOST = 3, 30
"""Passages that may be retrieved for a question."""


def checked(given: object, usual: Settings, models: Collection[str]) -> Settings:
    """Return settings with what is sound of `given`, and the `usual` values for the rest.

    Args:
        given: A mapping of names of fields, or anything at all.
        usual: The settings the page was started with.
        models: The models a visitor may choose: a path or an address from a browser is never used.
    """
    if not isinstance(given, dict):
        return usual
    profile, model, k = (given.get(name) for name in ("profile", "model", "k"))
    sound = isinstance(k, int | float) and k == k and FEWEST <= k <= MOST
    return Settings(
        profile=profile if isinstance(profile, str) and profile in PROFILES else usual.profile,
        model=model
        if isinstance(model, str) and model in models
        else None
        if model == ""
        else usual.model,
        k=int(k) if sound else usual.k,  # type: ignore[arg-type]  # a number where it is sound
        strict=given["strict"] if isinstance(given.get("strict"), bool) else usual.strict,
    )


def as_kept(settings: Settings) -> dict[str, object]:
    """Return settings as a browser keeps them; `checked` reads them again."""
    return dataclasses.asdict(settings) | {"model": settings.model or ""}
