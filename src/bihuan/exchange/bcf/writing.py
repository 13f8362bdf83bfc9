"""A `Board` as a BCF file of its edition. The same board gives the same bytes."""

import io
import uuid
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET  # only builds: what strangers wrote is read by `tree`

from bihuan.exchange.bcf import rows
from bihuan.exchange.bcf.rows import Board, Comment, Pin, Topic

_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # a zip knows no earlier day
_SPACE = uuid.UUID("6f1d3b54-5f0e-4c7c-9f6a-0f6a2a3d9a11")  # for identities made of others

_NO_XML = "\ufffe\uffff"


def write(board: Board) -> bytes:
    """The bytes of the file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        put = _Putter(package).put
        put("bcf.version", _version(board))
        put("project.bcfp", _project(board))
        if board.edition == "3.0":
            put("extensions.xml", _extensions(board))
        for number, topic in enumerate(board.topics):
            views = [
                _view(topic, place) for place in range(len(topic.snapshots) or bool(topic.pin))
            ]
            put(f"{topic.guid}/markup.bcf", _markup(board, topic, number, views))
            for place, view in enumerate(views):
                put(f"{topic.guid}/{view}.bcfv", _visualisation(board, topic.pin, view))
                if place < len(topic.snapshots):
                    put(f"{topic.guid}/{view}.png", topic.snapshots[place].content)
    return packed.getvalue()


class _Putter:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package

    def put(self, name: str, content: "bytes | ET.Element") -> None:
        packed = content if isinstance(content, bytes) else _text(content)
        info = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        self.package.writestr(info, packed)


def _text(root: ET.Element) -> bytes:
    ET.indent(root)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _version(board: Board) -> ET.Element:
    root = ET.Element("Version", VersionId=board.edition)
    if board.edition == "2.1":
        _say(root, "DetailedVersion", "2.1")
    return root


def _project(board: Board) -> ET.Element:
    root = ET.Element("ProjectInfo" if board.edition == "3.0" else "ProjectExtension")
    identity = str(uuid.uuid5(_SPACE, board.project))
    project = ET.SubElement(root, "Project", ProjectId=identity)
    _say(project, "Name", board.project)
    if board.edition == "2.1":
        ET.SubElement(root, "ExtensionSchema")
    return root


def _extensions(board: Board) -> ET.Element:
    """3.0 lists every word that its topics use."""
    topics = board.topics
    root = ET.Element("Extensions")
    lists: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("TopicTypes", "TopicType", (_kind(t) for t in topics)),
        ("TopicStatuses", "TopicStatus", (_status(t) for t in topics)),
        ("Priorities", "Priority", (t.priority for t in topics)),
        ("TopicLabels", "TopicLabel", (label for t in topics for label in t.labels)),
        ("Users", "User", (name for t in topics for name in (t.author, t.assigned_to))),
        ("SnippetTypes", "SnippetType", ()),
        ("Stages", "Stage", (t.stage for t in topics)),
    )
    for outer, inner, words in lists:
        listed = ET.SubElement(root, outer)
        for word in sorted({word for word in words if word}):
            _say(listed, inner, word)
    return root


def _kind(topic: Topic) -> str:
    return topic.kind or "Comment"


def _status(topic: Topic) -> str:
    return topic.status or "Open"


def _markup(board: Board, topic: Topic, number: int, views: list[str]) -> ET.Element:
    new = board.edition == "3.0"
    root = ET.Element("Markup")
    node = ET.SubElement(
        root, "Topic", Guid=topic.guid, TopicType=_kind(topic), TopicStatus=_status(topic)
    )
    _say(node, "Title", topic.title)
    if topic.priority:
        _say(node, "Priority", topic.priority)
    _say(node, "Index", str(number))
    labels = ET.SubElement(node, "Labels") if new and topic.labels else node
    for label in topic.labels:
        _say(labels, "Label" if new else "Labels", label)
    _say(node, "CreationDate", _written(topic.created))
    _say(node, "CreationAuthor", topic.author or "-")
    if topic.due:
        _say(node, "DueDate", f"{topic.due.isoformat()}T00:00:00Z")
    if topic.assigned_to:
        _say(node, "AssignedTo", topic.assigned_to)
    if topic.stage:
        _say(node, "Stage", topic.stage)
    if topic.description:
        _say(node, "Description", topic.description)
    if topic.document or topic.pin:
        _document(node, topic, new)
    inside = node if new else root
    comments = ET.SubElement(inside, "Comments") if new and topic.comments else inside
    for comment in topic.comments:
        _comment(comments, comment)
    listed = ET.SubElement(inside, "Viewpoints") if new and views else inside
    for place, view in enumerate(views):
        entry = ET.SubElement(listed, "ViewPoint" if new else "Viewpoints", Guid=view)
        _say(entry, "Viewpoint", f"{view}.bcfv")
        if place < len(topic.snapshots):
            _say(entry, "Snapshot", f"{view}.png")
        _say(entry, "Index", str(place))
    return root


def _document(node: ET.Element, topic: Topic, new: bool) -> None:
    address = topic.document + (rows.fragment(topic.pin) if topic.pin else "")
    identity = str(uuid.uuid5(_SPACE, f"{topic.guid} document"))
    if new:
        listed = ET.SubElement(node, "DocumentReferences")
        entry = ET.SubElement(listed, "DocumentReference", Guid=identity)
        _say(entry, "Url", address)
    else:
        entry = ET.SubElement(node, "DocumentReference", Guid=identity, isExternal="true")
        _say(entry, "ReferencedDocument", address)
    _say(entry, "Description", topic.document or address)


def _comment(inside: ET.Element, comment: Comment) -> None:
    entry = ET.SubElement(inside, "Comment", Guid=comment.guid)
    _say(entry, "Date", _written(comment.at))
    _say(entry, "Author", comment.author or "-")
    _say(entry, "Comment", comment.text)


def _view(topic: Topic, place: int) -> str:
    return str(uuid.uuid5(_SPACE, f"{topic.guid} view {place}"))


def _visualisation(board: Board, pin: Pin | None, view: str) -> ET.Element:
    """A camera that looks straight down on the page (one unit wide and high, y upwards) at the
    rectangle, whose four edges are drawn as lines."""
    box = pin or Pin(1)
    root = ET.Element("VisualizationInfo", Guid=view)
    camera = ET.SubElement(root, "OrthogonalCamera")
    _point(camera, "CameraViewPoint", box.x + box.w / 2, 1 - box.y - box.h / 2, 1)
    _point(camera, "CameraDirection", 0, 0, -1)
    _point(camera, "CameraUpVector", 0, 1, 0)
    _say(camera, "ViewToWorldScale", f"{max(box.w, box.h):g}")
    if board.edition == "3.0":
        _say(camera, "AspectRatio", "1")
    if pin is not None:
        left, right, top, bottom = pin.x, pin.x + pin.w, 1 - pin.y, 1 - pin.y - pin.h
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        lines = ET.SubElement(root, "Lines")
        for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
            line = ET.SubElement(lines, "Line")
            _point(line, "StartPoint", *start, 0)
            _point(line, "EndPoint", *end, 0)
    return root


def _point(inside: ET.Element, name: str, x: float, y: float, z: float) -> None:
    point = ET.SubElement(inside, name)
    for axis, value in (("X", x), ("Y", y), ("Z", z)):
        _say(point, axis, f"{round(value, 6):g}")


def _say(inside: ET.Element, name: str, text: str) -> None:
    """An element with a text, without the signs that XML cannot carry."""
    ET.SubElement(inside, name).text = "".join(
        sign for sign in text if sign in "\t\n" or sign >= " "
    )


def _written(moment: datetime | None) -> str:
    return (moment or _EPOCH).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
