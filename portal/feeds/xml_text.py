"""XML as text: elements without prefixes, and nothing in them that XML cannot hold."""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

# What XML 1.0 cannot hold, however it is escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(name: str, namespace: str, **attributes: str) -> Element:
    """The outermost element; all within it are of its namespace."""
    return Element(name, {"xmlns": namespace, **attributes})


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """An element at the end of another."""
    child = SubElement(parent, name, attributes)
    child.text = _UNWRITABLE.sub("", text) or None
    return child


def write(whole: Element) -> bytes:
    """A whole document in UTF-8."""
    written: bytes = tostring(whole, encoding="utf-8", xml_declaration=True)
    return written
