"""Hand-labelled pages of real broker reports -> how much of them the PDF loader gets right.

A truth file (tests/data/pdf_truth) was written by looking at rendered pages, not at what the loader
says. It holds no text of the report: headings, captions, label cells and running lines stand as
hashes of their squeezed text, beside the level and page a reader sees; figures, dates and names
stand as they are. ``python -m tests.pdf_truth [--faults]`` prints a line of scores a report.

Modules: truth (the files), cells (tables), facts (what reports state of themselves, our own and
other documents too), scores (all the rest).
"""
