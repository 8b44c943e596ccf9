"""Elements of WordprocessingML by their local names. Knows no meaning of any of them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from rag.load.parts import local

_OFF = frozenset({"0", "false", "off", "none"})


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first child called ``path[0]``, in it the first called ``path[1]``, and so on."""
    for name in path:
        node = next(children(node, name), None) if node is not None else None
    return node


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of `node` that are called `name`."""
    return (inner for inner in node if local(inner) == name)


def attribute(node: etree._Element | None, name: str = "val") -> str | None:
    """Return the attribute called `name`, in whatever namespace."""
    if node is None:
        return None
    found = (value for key, value in node.attrib.items() if key.rpartition("}")[2] == name)
    return next((str(value) for value in found), None)


def number(node: etree._Element | None, name: str = "val") -> int | None:
    """Return an attribute that is a number; None where it is none."""
    value = attribute(node, name) or ""
    return int(value) if value.lstrip("-").isdecimal() and len(value) < 10 else None


def is_on(node: etree._Element | None, name: str) -> bool:
    """Return whether the switch `name`, such as bold, is set in the properties `node`."""
    switch = child(node, name)
    return switch is not None and (attribute(switch) or "true").lower() not in _OFF
