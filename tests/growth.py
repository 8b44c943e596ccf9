"""How the work grows with its input: what a test can say about speed on any machine."""

import time
from collections.abc import Callable

TIMES = 8
MOST = 4 * TIMES  # linear work takes about 8 times as long, quadratic work 64 times


def grows_with_its_input(work: Callable[[str], object], make: Callable[[int], str]) -> bool:
    """Whether eight times the input takes nowhere near 64 times the work.

    The quicker of several readings counts, so that a busy machine proves nothing.
    """
    small, large = make(5_000), make(TIMES * 5_000)
    return any(_seconds(work, large) < MOST * _seconds(work, small) for _ in range(5))


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return max(time.process_time() - began, 1e-3)
