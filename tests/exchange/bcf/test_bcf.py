"""BCF both ways, and files that mean harm: every one is refused in one word, nothing is run."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from bihuan.exchange import bcf
from tests.exchange.drawings.pdfs import png

GUID = "7ddc3ef0-0ab7-43f1-918a-45e38b42369c"
OTHER = "d1068c81-af04-4546-b63c-348810f6c716"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TOPIC = bcf.Topic(
    guid=GUID,
    title="入口广场偏小",
    kind="规划布局",
    status="Open",
    priority="必须修改",
    labels=("规划布局", "S1"),
    created=AT,
    author="规划建设局",
    assigned_to="设计单位",
    stage="方案",
    due=date(2026, 3, 20),
    description="广场进深不足 20 米。",
    document="方案.pdf",
    pin=bcf.Pin(3, 0.125, 0.2, 0.3, 0.05),
    comments=(bcf.Comment(OTHER, AT, "设计单位", "已加大。"),),
    snapshots=(bcf.Snapshot("a.png", png((0.1, 0.1, 0.5, 0.5))),),
)

VERSION = '<Version VersionId="2.1"/>'
MARKUP = (
    f'<Markup><Topic Guid="{GUID}"><Title>T</Title><CreationDate>2026-01-01T00:00:00Z'
    "</CreationDate><CreationAuthor>a@example.org</CreationAuthor></Topic></Markup>"
)


def packed(*entries: tuple[str, str | bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return out


def refused(stream: io.BytesIO) -> bcf.Unreadable:
    with pytest.raises(bcf.Unreadable) as caught:
        bcf.read(stream)
    return caught.value


@pytest.mark.parametrize("edition", bcf.EDITIONS)
def test_what_was_written_is_read_again(edition):
    board = bcf.Board(edition, "示例项目 方案", (TOPIC,))
    back = bcf.read(io.BytesIO(bcf.write(board)))
    (topic,) = back.topics
    assert (back.edition, back.project, back.notes) == (edition, board.project, ())
    assert topic.snapshots[0].content == TOPIC.snapshots[0].content
    assert _plain(topic) == _plain(TOPIC)


def _plain(topic):
    return {k: v for k, v in vars(topic).items() if k != "snapshots"}


@pytest.mark.parametrize("edition", bcf.EDITIONS)
def test_the_same_board_gives_the_same_bytes(edition):
    board = bcf.Board(edition, "P", (TOPIC,))
    assert bcf.write(board) == bcf.write(board)


def test_each_edition_has_the_elements_that_its_schema_names():
    def entry(edition, name):
        with zipfile.ZipFile(io.BytesIO(bcf.write(bcf.Board(edition, "P", (TOPIC,))))) as package:
            return package.read(name).decode()

    old, new = (entry(edition, f"{GUID}/markup.bcf") for edition in bcf.EDITIONS)
    assert "<Labels>规划布局</Labels>" in old
    assert "<ReferencedDocument>方案.pdf#page=3&amp;xywh=percent:12.5,20,30,5<" in old
    assert old.index("</Topic>") < old.index("<Comment ") < old.index("<Viewpoints ")
    assert "<Label>规划布局</Label>" in new
    assert "<Url>方案.pdf#page=3&amp;" in new
    assert new.index("<Comments>") < new.index("<Viewpoints>") < new.index("</Topic>")
    assert "<TopicType>规划布局</TopicType>" in entry("3.0", "extensions.xml")


def test_a_file_of_another_program_is_read_without_a_pin():
    """Shape and words of buildingSMART's test cases for 2.1: upper-case folder, no snapshot."""
    markup = MARKUP.replace(
        "</Markup>",
        (
            f'<Viewpoints Guid="{OTHER}"><Viewpoint>v.bcfv</Viewpoint><Snapshot>v.png</Snapshot>'
            "</Viewpoints></Markup>"
        ),
    )
    board = bcf.read(packed(("bcf.version", VERSION), (f"{GUID.upper()}/markup.bcf", markup)))
    (topic,) = board.topics
    assert (topic.guid, topic.title, topic.pin, topic.snapshots) == (GUID, "T", None, ())
    assert [note.code for note in board.notes] == ["snapshot_missing"]


def test_a_snapshot_that_is_no_picture_is_left_aside_and_told():
    markup = MARKUP.replace(
        "</Markup>",
        (f'<Viewpoints Guid="{OTHER}"><Snapshot>v.png</Snapshot></Viewpoints></Markup>'),
    )
    board = bcf.read(
        packed(
            ("bcf.version", VERSION),
            (f"{GUID}/markup.bcf", markup),
            (f"{GUID}/v.png", "<svg><script>1</script></svg>"),
        )
    )
    assert [note.code for note in board.notes] == ["snapshot_no_picture"]


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + MARKUP.replace("T<", "&b;<"),
        f'<!DOCTYPE x SYSTEM "file:///etc/passwd">{MARKUP}',
        f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]>{MARKUP}'.encode(
            "utf-16"
        ),
        "<Markup>" + "<a>" * 5000 + "</a>" * 5000 + "</Markup>",
    ],
)
def test_an_entity_bomb_is_not_opened(bomb):
    entries = ("bcf.version", VERSION), (f"{GUID}/markup.bcf", bomb)
    assert refused(packed(*entries)).code == "hostile"


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:\\x", "..\\x"])
def test_a_path_that_leads_out_is_refused(name):
    entries = ("bcf.version", VERSION), (f"{GUID}/markup.bcf", MARKUP), (name, "x")
    assert refused(packed(*entries)).code == "path"


def test_ten_thousand_topics_are_told_with_their_number():
    entries = ((f"{n}/markup.bcf", "<Markup/>") for n in range(10_000))
    fault = refused(packed(("bcf.version", VERSION), *entries))
    assert (fault.code, fault.params["found"]) == ("too_many_topics", 10_000)


def test_what_unpacks_to_too_much_is_refused():
    entries = ((f"{n}.bin", bytes(64 * 2**20)) for n in range(5))
    assert refused(packed(("bcf.version", VERSION), *entries)).code == "bomb"


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (io.BytesIO(b"PK\x03\x04 not really"), "no_zip"),
        (io.BytesIO(b"<svg/>"), "no_zip"),
        (packed(("bcf.version", VERSION)), "no_topics"),
        (packed((f"{GUID}/markup.bcf", MARKUP)), "no_version"),
        (packed(("bcf.version", '<Version VersionId="1.0"/>')), "edition"),
        (packed(("bcf.version", "<Version")), "xml"),
    ],
)
def test_what_is_no_bcf_says_so(stream, code):
    assert refused(stream).code == code


def test_all_faults_of_all_topics_are_told_at_once():
    untitled = MARKUP.replace("<Title>T</Title>", "")
    nameless = MARKUP.replace(GUID, "not-a-guid")
    entries = (f"{n}/markup.bcf" for n in "abcd")
    contents = (untitled, nameless, "<Markup>", "<Markup/>")
    fault = refused(packed(("bcf.version", VERSION), *zip(entries, contents, strict=True)))
    assert [(f.folder, f.code) for f in fault.faults] == [
        ("a", "no_title"), ("b", "guid"), ("c", "xml"), ("d", "no_topic"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["x.pdf", "x.pdf#page=0", "x.pdf#page=two", "#xywh=percent:1,1,1,1"]
)
def test_an_address_that_leads_nowhere_pins_nothing(address):
    from bihuan.exchange.bcf.rows import pin_in

    assert pin_in(address) is None


def test_a_rectangle_outside_the_page_pins_the_page():
    from bihuan.exchange.bcf.rows import pin_in

    assert pin_in("x#page=2&xywh=percent:90,0,50,10") == bcf.Pin(2)
