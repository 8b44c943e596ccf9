"""Print the scores of every report at hand, and with --faults what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.pdf_truth.scores import scored
from tests.pdf_truth.truth import truths

COLUMNS = "recall precision levels leads captions labels footers lost".split()


def _main(arguments: Sequence[str]) -> None:
    write = sys.stdout.write
    write(f"{'':10}{''.join(f'{name:>10}' for name in COLUMNS)}  cells; facts missed\n")
    for truth in truths():
        result = scored(truth)
        if result is None:
            write(f"{truth.slug:10} no PDF\n")
            continue
        shown = "".join(f"{_shown(getattr(result, name)):>10}" for name in COLUMNS)
        missed = " ".join(name for name, right in result.facts.items() if not right)
        shares = " ".join(f"{share:.3f}" for share in result.cells)
        write(f"{truth.slug:10}{shown}  {shares}; {missed}\n")
        if "--faults" in arguments:
            write("".join(f"    p{f.page} {f.kind}: {f.detail}\n" for f in result.faults))


def _shown(value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


if __name__ == "__main__":
    _main(sys.argv[1:])
