"""A question after who took over a post + a checked answer -> not the one who left it.

"总裁甲辞任，由原首席运营官乙接任": the model names whoever stands next to the post.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import verify
from rag.question import Query
from rag.schema import Draft, Passage
from rag.verify import Checked

_ASKED = re.compile(
    r"(?:新|现任|接任|接替|继任|换成|换了|改由)[^，。？]{0,12}(?:谁|哪位|何人)|谁[^，。？]{0,6}(?:接任|接替|继任)"
)
_LEFT = re.compile(r"辞任|辞职|辞去|离任|离职|卸任|退任|去职|不再兼?(?:任|担任)")
_TOOK = re.compile(
    r"[^，,。；;]*?(?P<name>[\u4e00-\u9fff]{2})(?:接任|接替|继任|出任|获任命|获委任|将担任)[^，,。；;]*"
)
"""A clause that says who came; the last two characters of a name tell it."""


def answered(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked:
    """Return `checked`; where what it cites says that another took over, that clause, or nothing."""
    if not _ASKED.search(query.text):
        return checked
    by_label = {p.label: p for p in passages}
    for sentence in checked.sentences:
        for cited in sentence.evidence:
            quote = by_label[cited.label].text[cited.span.start : cited.span.end]
            came = _TOOK.search(quote)
            if came is None or not _LEFT.search(quote) or came["name"] in sentence.text:
                continue
            drafted = Draft(query.original, tuple(passages), came.group().strip(), "", "")
            again = verify.check(query, drafted)
            return Checked(
                again.sentences, (*checked.dropped, f"{sentence.text} (has left, as cited)")
            )
    return checked
