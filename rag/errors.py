"""The tree of things a user can fix.

::

    RagError                 one line: what happened, what was expected, what to type; exit code 1
    ├── UsageError           the command line itself is wrong; exit code 2
    ├── DocumentError        a file cannot be read as a document
    ├── IndexError_          an index is missing, damaged or was built otherwise
    ├── ModelError           weights are missing, damaged, or cannot be loaded
    ├── PromptError          a prompt file is missing or malformed
    └── LexiconError         a list of names or words is malformed
"""

from __future__ import annotations

from rag.language import say


class RagError(Exception):
    """Something the user can fix, said in one line in the user's language."""

    exit_code = 1

    def __init__(self, en: str, zh: str) -> None:
        """Keep both wordings; `str()` gives the one of the user's locale."""
        super().__init__(en)
        self.en = _one_line(en)
        self.zh = _one_line(zh)

    def __str__(self) -> str:
        """Return the message in the user's language, one line."""
        return say(self.en, self.zh)


class UsageError(RagError):
    """The command line itself is wrong."""

    exit_code = 2


class DocumentError(RagError):
    """A file cannot be read as a document: empty, binary, broken, too large, no permission."""


class IndexError_(RagError):  # noqa: N801, N818 - `IndexError` is the builtin
    """An index is missing, damaged, or was built with something else."""


class ModelError(RagError):
    """Weights are missing, damaged, or cannot be loaded."""


class PromptError(RagError):
    """A prompt file is missing or malformed."""


class LexiconError(RagError):
    """A list of equivalent names or words cannot be read."""


def _one_line(text: str) -> str:
    """Return `text` on one line, so that a file name with a line break cannot split a message."""
    return " ".join(text.split())
