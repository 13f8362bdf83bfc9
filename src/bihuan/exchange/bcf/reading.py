"""A BCF file of either edition as a `Board`; every fault of every topic is told at once."""

import uuid
from datetime import UTC, date, datetime
from typing import BinaryIO

from bihuan.exchange.bcf import rows, tree
from bihuan.exchange.bcf.package import Package
from bihuan.exchange.bcf.rows import (
    Board,
    Comment,
    Edition,
    Fault,
    Pin,
    Snapshot,
    Topic,
    Unreadable,
)
from bihuan.exchange.bcf.tree import Node

_MARKUP = "/markup.bcf"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def read(stream: BinaryIO) -> Board:
    """The topics of a file, in the order of their index, then of their folders.

    Raises `Unreadable` for the whole file (`code`), or with the faults of its topics.
    """
    package = Package(stream)
    edition = _edition(package)
    folders = sorted(
        name[: -len(_MARKUP)] for name in package.names() if name.casefold().endswith(_MARKUP)
    )
    if not folders:
        raise Unreadable("no_topics")
    if len(folders) > rows.MOST_TOPICS:
        raise Unreadable("too_many_topics", found=len(folders), most=rows.MOST_TOPICS)
    faults: list[Fault] = []
    notes: list[Fault] = []
    found: list[tuple[int, Topic]] = []
    for place, folder in enumerate(folders):
        try:
            root = _parsed(package, f"{folder}{_MARKUP}", folder)
            topic, index = _topic(package, root, folder, notes)
            found.append((index if index is not None else len(folders) + place, topic))
        except _Faulty as faulty:
            faults.append(Fault(faulty.code, folder))
    guids = [topic.guid for _index, topic in found]
    faults += [
        Fault("guid_twice", guid) for guid in sorted({g for g in guids if guids.count(g) > 1})
    ]
    if faults:
        raise Unreadable("topics", tuple(faults))
    found.sort(key=lambda pair: pair[0])
    return Board(edition, _project(package), tuple(topic for _, topic in found), tuple(notes))


class _Faulty(Exception):  # noqa: N818 - one topic's fault on its way to the list
    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def _edition(package: Package) -> Edition:
    content = package.take("bcf.version", rows.LARGEST_XML)
    if content is None:
        raise Unreadable("no_version")
    version = _root(content).attributes.get("VersionId", "")
    for edition in rows.EDITIONS:
        if version.startswith(edition):
            return edition
    raise Unreadable("edition", version=version[:20] or "?")


def _project(package: Package) -> str:
    content = package.take("project.bcfp", rows.LARGEST_XML)
    return _root(content).said("Project", "Name")[:200] if content else ""


def _root(content: bytes) -> Node:
    try:
        return tree.parse(content)
    except tree.Hostile as fault:
        raise Unreadable("hostile") from fault
    except tree.Broken as fault:
        raise Unreadable("xml") from fault


def _parsed(package: Package, name: str, folder: str) -> Node:
    content = package.take(name, rows.LARGEST_XML)
    if content is None:
        raise _Faulty("xml_too_large")
    try:
        return tree.parse(content)
    except tree.Hostile as fault:  # one such topic is enough to trust nothing of the file
        raise Unreadable("hostile") from fault
    except tree.Broken as fault:
        raise _Faulty("xml") from fault


def _topic(
    package: Package, root: Node, folder: str, notes: list[Fault]
) -> tuple[Topic, int | None]:
    nodes = root.all("Topic")
    if not nodes:
        raise _Faulty("no_topic")
    node = nodes[0]
    guid = _guid(node.attributes.get("Guid", ""))
    title = node.said("Title")
    if guid is None:
        raise _Faulty("guid")
    if not title:
        raise _Faulty("no_title")
    # 2.1 hangs comments and viewpoints on the markup, 3.0 on the topic, inside lists.
    comments = root.all("Comment") + node.all("Comments", "Comment")
    views = root.all("Viewpoints") + node.all("Viewpoints", "ViewPoint")
    linked = node.all("ReferenceLink") + node.all("ReferenceLinks", "ReferenceLink")
    documents = [
        each.said("ReferencedDocument") or each.said("Url") or each.said("Description")
        for each in node.all("DocumentReference")
        + node.all("DocumentReferences", "DocumentReference")
    ]
    document, pin = _pinned([*documents, *(link.text.strip() for link in linked)])
    labels = [n.text.strip() for n in node.all("Labels") + node.all("Labels", "Label")]
    topic = Topic(
        guid=guid,
        title=title,
        kind=node.attributes.get("TopicType", "").strip(),
        status=node.attributes.get("TopicStatus", "").strip(),
        priority=node.said("Priority"),
        labels=tuple(label for label in labels if label),
        created=_moment(node.said("CreationDate")),
        author=node.said("CreationAuthor"),
        assigned_to=node.said("AssignedTo"),
        stage=node.said("Stage"),
        due=_day(node.said("DueDate")),
        description=node.said("Description"),
        document=document,
        pin=pin,
        comments=tuple(_comment(each) for each in comments if each.said("Comment")),
        snapshots=_snapshots(package, views, folder, notes),
    )
    index = node.said("Index")
    return topic, int(index) if index.isascii() and index.isdigit() else None


def _pinned(addresses: list[str]) -> tuple[str, Pin | None]:
    """The first document that leads to a page; else the first document."""
    named = [address for address in addresses if address]
    for address in named:
        if pin := rows.pin_in(address):
            return address.split("#")[0], pin
    return (named[0], None) if named else ("", None)


def _comment(node: Node) -> Comment:
    guid = _guid(node.attributes.get("Guid", ""))
    text = node.said("Comment")
    at = _moment(node.said("Date"))
    # A comment without an identity gets one from what it says, so that it is not taken twice.
    made = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{node.said('Date')} {text}"))
    return Comment(guid or made, at, node.said("Author"), text)


def _snapshots(
    package: Package, views: list[Node], folder: str, notes: list[Fault]
) -> tuple[Snapshot, ...]:
    found = []
    for view in views:
        name = view.said("Snapshot")
        if not name:
            continue
        if "/" in name or "\\" in name:
            notes.append(Fault("snapshot_elsewhere", folder))
            continue
        content = package.take(f"{folder}/{name}", rows.LARGEST_SNAPSHOT)
        if content is None:
            notes.append(Fault("snapshot_missing", folder))
        elif not content.startswith(_PICTURES):
            notes.append(Fault("snapshot_no_picture", folder))
        else:
            found.append(Snapshot(name, content))
    return tuple(found)


def _guid(text: str) -> str | None:
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None
