"""XML of strangers as a small tree: no document type, no entities, no depth, no network."""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

_DEEPEST = 40


class Hostile(Exception):  # noqa: N818 - said of the file
    """A document type or an entity: BCF needs neither, whoever writes one means harm."""


class Broken(Exception):  # noqa: N818 - said of the file
    """No well-formed XML."""


@dataclass
class Node:
    """An element: its name without namespace, attributes, text, children."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, *path: str) -> list["Node"]:
        """Every element at a path of names."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def said(self, *path: str) -> str:
        """The text of the first element at a path; empty if there is none."""
        found = self.all(*path)
        return found[0].text.strip() if found else ""


def parse(content: bytes) -> Node:
    """The root of a document. Raises Hostile or Broken."""
    parser = expat.ParserCreate(namespace_separator="}")
    top = Node("")
    open_nodes = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_nodes) > _DEEPEST:
            raise Hostile
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(_name: str) -> None:
        open_nodes.pop()

    def text(piece: str) -> None:
        open_nodes[-1].text += piece

    def never(*_what: object) -> Any:
        raise Hostile

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = never
    parser.ExternalEntityRefHandler = never
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as fault:  # LookupError: unknown encoding
        raise Broken from fault
    return top.children[0]


def _local(name: str) -> str:
    return name.rpartition("}")[2]
