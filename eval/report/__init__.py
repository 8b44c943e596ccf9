"""Run folders -> an HTML page that shows what was measured and why each failure failed.

`read_run` reads a folder, `run_page` reports one run, `pair_page` sets two side by side.
"""

from eval.report.page import pair_page, run_page
from eval.report.run import Run, read_run

__all__ = ["Run", "pair_page", "read_run", "run_page"]
