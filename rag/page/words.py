"""The language of one visitor: every text of the page is said in English and in Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import RagError

LANGUAGES = ("zh", "en")
"""Each has its own address below the root of the page: ``/zh/``, ``/en/``."""


@dataclass(frozen=True, slots=True)
class Words:
    """Chooses between the two wordings of a text; see `rag.language.say` for the command line."""

    language: str
    """``zh`` or ``en``."""

    def __call__(self, en: str, zh: str) -> str:
        """Return the wording in the visitor's language."""
        return zh if self.language == "zh" else en

    def error(self, error: Exception) -> str:
        """Return what went wrong in one line; the inside of an unforeseen error stays inside."""
        if isinstance(error, RagError):
            return self(error.en, error.zh)
        return self(
            f"something went wrong ({type(error).__name__}); see the terminal of the page",
            f"出错了（{type(error).__name__}）；详情见启动页面的终端",
        )


def language_wanted(accept: str) -> str:
    """Return the language of the page that an ``Accept-Language`` header asks for.

    >>> language_wanted("en-GB,en;q=0.9,zh;q=0.1")
    'en'
    >>> language_wanted("")
    'zh'
    """
    weighed: list[tuple[float, int, str]] = []
    for order, part in enumerate(accept.split(",")):
        tag, _, rest = part.strip().partition(";")
        language = tag.partition("-")[0].lower()
        if language in LANGUAGES:
            weighed.append((-_weight(rest), order, language))
    return min(weighed)[2] if weighed else LANGUAGES[0]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q="))
    except ValueError:
        return 1.0
