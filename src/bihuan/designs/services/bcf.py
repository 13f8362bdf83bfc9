"""BCF in and out: topics of other programs become opinions, opinions become topics."""

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import plain, shorten
from bihuan.designs import queries, rules
from bihuan.designs.models import Aspect, Opinion, Picture, Remark, Scheme, SchemeVersion
from bihuan.designs.rules import words
from bihuan.designs.services.doors import locked, managing, seen
from bihuan.designs.services.opinions import laid_down
from bihuan.exchange import bcf, drawings
from bihuan.files import queries as file_queries
from bihuan.files import services as files
from bihuan.files.intake import NotTaken
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

# Identities of what has none of its own outside this house, the same at every export.
_SPACE = uuid.UUID("0c9d6a0e-4a2f-4f0e-8a55-7b1c2d9f3e61")
_MOST_PICTURES = 5  # of one topic
_MOST_SNAPSHOTS = 150  # of one export
_SNAPSHOT_PX = 1000
_PRIORITIES = {
    "must": ("必须修改", "must", "critical", "high", "major", "高"),
    "note": ("供参考", "note", "low", "minor", "低"),
}


@dataclass(frozen=True)
class Taken:
    """What an import did: opinions made, comments added to known ones, what was left aside."""

    opinions: int
    remarks: int
    known: int
    notes: tuple[str, ...]


def take_in(
    scheme: Scheme, *, by: Post | None, upload: "UploadedFile[bytes]", version: SchemeVersion
) -> Taken:
    """导入 BCF：议题成为意见；有一处看不懂就一条也不导入，逐条说明；再导入不重复。"""
    managing(by)
    board = _read(upload)
    with transaction.atomic():
        scheme = locked(scheme)
        if version.scheme_id != scheme.pk:
            raise Refused(_("这一版不是这个方案的。请改选。"))
        known = {str(one.guid): one for one in scheme.opinions.prefetch_related("remarks")}
        taker = _Taker(scheme, version, by, known)
        for topic in board.topics:
            taker.take(topic)
        notes = [(note.code, note.folder) for note in board.notes] + taker.notes
        changes = {
            "edition": (None, board.edition),
            "count": (None, taker.made),
            "remarks": (None, taker.remarked),
        }
        audit.record(by, "designs.scheme.import", scheme, changes=changes)
    told = tuple(_(words.NOTES[code]) % {"folder": folder} for code, folder in notes)
    return Taken(taker.made, taker.remarked, taker.known_again, told)


def _read(upload: "UploadedFile[bytes]") -> bcf.Board:
    if isinstance(upload, NotTaken):
        raise Refused.all(file_queries.faults(upload))
    try:
        upload.seek(0)
        return bcf.read(cast(BinaryIO, upload))
    except bcf.Unreadable as fault:
        if not fault.faults:
            raise Refused(_(words.BCF[fault.code]) % fault.params) from fault
        sentences = [_(words.TOPIC[f.code]) % {"folder": f.folder[:60]} for f in fault.faults]
        raise Refused.all(sentences) from fault


class _Taker:
    """Takes topics one after the other into one scheme."""

    def __init__(
        self, scheme: Scheme, version: SchemeVersion, by: Post | None, known: Mapping[str, Opinion]
    ) -> None:
        self.scheme, self.version, self.by, self.known = scheme, version, by, known
        self.made = self.remarked = self.known_again = 0
        self.notes: list[tuple[str, str]] = []
        self.aspects = {
            plain(word): aspect
            for aspect in Aspect.objects.all()
            for word in (aspect.code, aspect.name, aspect.name_en)
            if word
        }
        self.units: dict[str, Unit | None] = {}

    def take(self, topic: bcf.Topic) -> None:
        opinion = self.known.get(topic.guid)
        if opinion is None:
            opinion = self._opinion(topic)
            self.made += 1
        else:
            self.known_again += 1
        ours = {*_own_guids(opinion)}
        for comment in topic.comments:
            if comment.guid not in ours:
                Remark.objects.create(
                    opinion=opinion, guid=comment.guid, at=comment.at or clock.now(),
                    text=comment.text, author=shorten(comment.author, 120), by=self.by,
                )  # fmt: skip
                ours.add(comment.guid)
                self.remarked += 1

    def _opinion(self, topic: bcf.Topic) -> Opinion:
        page, region = self._place(topic)
        title, body = topic.title.strip(), topic.description.strip()
        opinion = laid_down(
            self.scheme, by=self.by, guid=topic.guid, version=self.version, page=page,
            region=region, aspect=self._aspect(topic), source="exchange",
            unit=self._unit(topic.author), text=body if body.startswith(title.rstrip("…"))
            else f"{title}\n{body}".strip(), priority=_priority(topic.priority),
            author=shorten(topic.author, 120),
        )  # fmt: skip
        for number, shot in enumerate(topic.snapshots[:_MOST_PICTURES], start=1):
            ending = "png" if shot.content.startswith(b"\x89PNG") else "jpg"
            upload = SimpleUploadedFile(f"bcf-{number}.{ending}", shot.content)
            kept = files.keep(upload, by=self.by, title=str(opinion), thing=opinion)
            Picture.objects.create(opinion=opinion, kept=kept)
        audit.record(self.by, "designs.opinion.import", opinion, note=opinion.text)
        return opinion

    def _place(self, topic: bcf.Topic) -> tuple[int | None, rules.Region | None]:
        pin = topic.pin
        if pin is None:
            return None, None
        if pin.page > self.version.pages:
            self.notes.append(("no_such_page", topic.guid))
            return None, None
        if (pin.x, pin.y, pin.w, pin.h) == (0, 0, 1, 1):
            return pin.page, None
        try:
            typed = ",".join(f"{100 * each:.4f}" for each in (pin.x, pin.y, pin.w, pin.h))
            return pin.page, rules.read_region(typed)
        except rules.Misplaced:
            return pin.page, None

    def _aspect(self, topic: bcf.Topic) -> Aspect:
        for word in (topic.kind, *topic.labels):
            if found := self.aspects.get(plain(word)):
                return found
        return self.aspects.get("other") or next(iter(self.aspects.values()))

    def _unit(self, author: str) -> Unit | None:
        """A unit of the register, where the file names exactly one."""
        if author not in self.units:
            self.units[author] = people.unit_called(author) if author else None
        return self.units[author]


def _priority(word: str) -> str:
    wanted = plain(word)
    for code, names in _PRIORITIES.items():
        if wanted in {plain(name) for name in names}:
            return code
    return "should"


# Out --------------------------------------------------------------------------------------------


def hand_out(scheme: Scheme, *, by: Post, edition: str) -> bytes:
    """导出 BCF：每条意见一个议题，带钉的位置、答复和核实、所在页的截图。"""
    seen(scheme, by)
    found = [one for one in queries.opinions(scheme) if one.state != "withdrawn"]
    shots = _snapshots(found)
    topics = tuple(_topic(scheme, opinion, shots.get(opinion.pk)) for opinion in found)
    project = f"{scheme.project.name} {scheme.name}"
    content = bcf.write(bcf.Board(cast(Any, edition), project, topics))
    with transaction.atomic():
        changes = {"edition": (None, edition), "count": (None, len(topics))}
        audit.record(by, "designs.scheme.export", scheme, changes=changes)
    return content


def _topic(scheme: Scheme, opinion: Opinion, shot: bytes | None) -> bcf.Topic:
    region = opinion.region()
    pin = None
    document = ""
    if opinion.page is not None:
        document = queries.leaf(opinion.version, opinion.page)[0].kept.name
        pin = bcf.Pin(opinion.page, *(region.floats if region else (0.0, 0.0, 1.0, 1.0)))
    return bcf.Topic(
        guid=str(opinion.guid),
        title=shorten(" ".join(opinion.text.split()), 80),
        kind=opinion.aspect.name,
        status=rules.STATES[opinion.state],
        priority=rules.PRIORITIES[opinion.priority],
        labels=(opinion.aspect.name, rules.SOURCES[opinion.source]),
        created=opinion.created_at,
        author=opinion.unit.name if opinion.unit else rules.SOURCES[opinion.source],
        assigned_to=scheme.designer.name,
        stage=f"第{opinion.version.number}版",
        due=scheme.due,
        description=opinion.text,
        document=document,
        pin=pin,
        comments=tuple(_comments(opinion)),
        snapshots=(bcf.Snapshot("snapshot.png", shot),) if shot else (),
    )


def _comments(opinion: Opinion) -> Iterator[bcf.Comment]:
    for reply in opinion.replies.select_related("settled_in", "by__unit"):
        where = f"（第{reply.settled_in.number}版）" if reply.settled_in else ""
        text = f"{rules.DECISIONS[reply.decision]}{where}：{reply.reason}"
        yield bcf.Comment(_guid("reply", reply.pk), reply.created_at, _unit_of(reply.by), text)
    for judged in opinion.verifications.select_related("by__unit"):
        text = f"{'认可' if judged.passed else '退回'}：{judged.note}".rstrip("：")
        yield bcf.Comment(
            _guid("verification", judged.pk), judged.created_at, _unit_of(judged.by), text
        )
    for said in opinion.remarks.select_related("by__unit"):
        author = said.author or _unit_of(said.by)
        yield bcf.Comment(str(said.guid), said.at, author, said.text)


def _own_guids(opinion: Opinion) -> Iterator[str]:
    """What this house says of an opinion when it hands it out: not to be taken in again."""
    for kind, rows in (("reply", opinion.replies), ("verification", opinion.verifications)):
        for pk in rows.values_list("pk", flat=True):
            yield _guid(kind, pk)
    for guid in opinion.remarks.values_list("guid", flat=True):
        yield str(guid)


def _guid(kind: str, pk: int) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind} {pk}"))


def _unit_of(post: Post | None) -> str:
    return post.unit.name if post else "系统"


def _snapshots(found: list[Opinion]) -> dict[int, bytes]:
    """The pages with their pins drawn on them; a page that cannot be drawn has no snapshot."""
    pinned = [one for one in found if one.page is not None][:_MOST_SNAPSHOTS]
    wanted: dict[Path, list[tuple[int, drawings.Leaf]]] = {}
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        for opinion in pinned:
            file, number = queries.leaf(opinion.version, cast(int, opinion.page))
            region = opinion.region()
            boxes = (region.floats,) if region else ()
            leaf = drawings.Leaf(number, Path(folder, f"{opinion.pk}.png"), boxes)
            wanted.setdefault(queries.bytes_of(file), []).append((opinion.pk, leaf))
        shots: dict[int, bytes] = {}
        for path, leaves in wanted.items():
            try:
                drawings.picture(
                    path, [leaf for _pk, leaf in leaves], longest=_SNAPSHOT_PX, kind="png"
                )
            except drawings.Unreadable:
                continue
            shots |= {pk: leaf.target.read_bytes() for pk, leaf in leaves}
    return shots
