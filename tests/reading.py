"""One passage made by hand, and what the program finds in it and lets stand of a draft over it."""

from rag import extract, verify
from rag.question import understand
from rag.schema import DocumentFacts, Draft, Passage


def passage(
    text: str, heading: str = "云海股份三季报点评", published: str = "2025-10-29"
) -> Passage:
    """Return `text` as the only passage of a report with that title."""
    facts = DocumentFacts("d1", "r.txt", heading, None, published, "text", 0, 1)
    return Passage(1, "d1", 0, len(text), text, (heading,), None, facts, 1.0)


def found(
    question: str,
    text: str,
    heading: str = "云海股份三季报点评",
    published: str = "2025-10-29",
) -> str:
    """Return the answer that words alone give, without the model; "" for none."""
    outcome = extract.answer(understand(question), [passage(text, heading, published)])
    return "".join(s.text for s in outcome.checked.sentences) if outcome else ""


def kept(
    question: str, draft: str, text: str, heading: str = "云海股份三季报点评"
) -> tuple[str, ...]:
    """Return the sentences of a draft that may be said over the passage."""
    query, shown = understand(question), (passage(text, heading),)
    checked = verify.check(query, Draft(question, shown, draft, "", ""))
    return tuple(s.text for s in checked.sentences)
