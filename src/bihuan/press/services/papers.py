"""Verbs on official papers: drafted from a record, edited, issued with a number, made void."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.audit import queries as audit_queries
from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.base.text import SAMPLE_MARK, shorten, zh
from bihuan.exchange.paper import Document, official
from bihuan.files import services as files
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press import queries, rules
from bihuan.press.models import Paper, Template
from bihuan.press.queries import papers as held
from bihuan.ui.printing import printed, worded

FAULTS: Mapping[str, str] = {
    "twice": zh("第 %(row)d 行：“%(found)s”写了两次。请留一个。"),
    "lacking": zh("缺“%(found)s”。请在开头写上“%(found)s：……”。"),
    "outside": zh(
        "第 %(row)d 行“%(found)s”不在正文里，也不是认得的栏目。正文从“正文：”一行以后写起。"
    ),
    "no_mark": zh("没有“正文：”一行。请在栏目以后另起一行写“正文：”。"),
    "no_body": zh("正文是空的。"),
    "empty_heading": zh("第 %(row)d 行：标题是空的。"),
    "columns": zh("第 %(row)d 行：这一行有 %(found)s 栏，与表头不同。"),
}


@dataclass(frozen=True)
class Filled:
    """一条记录填进模板的字：各个空，以及是不是示例数据。"""

    values: Mapping[str, str]
    sample: bool = False


# What a template may ask for; a record fills some of them.
_HOLES = (
    *("opening", "body", "request", "standing", "to", "copies", "note", "attachments"),
    *("subject", "title", "date"),
)
Fill = Callable[[str, str, Post | None], Filled]
_sources: dict[str, Fill] = {}


def declare_source(source: str, fill: Fill) -> None:
    """Enter where a kind of record is found: `fill(kind, id, by)` raises NotFound for whoever may
    not see it. Rooms above are not imported here; the site, which knows all rooms, declares them.
    """
    _sources[source] = fill


@transaction.atomic
def draft(kind: str, *, by: Post | None, source_id: str = "", subject: str = "") -> Paper:
    """起草：由记录填写模板；没有记录的文种，给出标题里的事由。"""
    _require(by, held.WRITE)
    known = rules.KINDS.get(kind)
    if known is None:
        raise NotFound(_("没有这种公文。"))
    paper = _unsaved(kind, known, source_id, subject, by)
    paper.save()
    audit.record(by, "press.paper.draft", paper, changes={"kind": (None, kind)})
    return paper


def preview(kind: str, *, by: Post | None, source_id: str = "", subject: str = "") -> Document:
    """What `draft` would give, as it would be printed; nothing is stored."""
    known = rules.KINDS.get(kind)
    if known is None:
        raise NotFound(_("没有这种公文。"))
    return document(_unsaved(kind, known, source_id, subject, by))


def _unsaved(kind: str, known: rules.Kind, source_id: str, subject: str, by: Post | None) -> Paper:
    filled = _filled(kind, known, source_id, subject, by)
    text, _unknown = official.filled(queries.template(kind), filled.values)
    return Paper(
        kind=kind, source_id=source_id, text=text.strip() + "\n", by=by, sample=filled.sample,
        title=_title(text),
    )  # fmt: skip


def _filled(kind: str, known: rules.Kind, source_id: str, subject: str, by: Post | None) -> Filled:
    usual = dict.fromkeys(_HOLES, "")
    usual["zone"] = queries.zone_name()
    if not known.source:
        if not subject.strip():
            raise Refused(_("请写明事由，标题由它写成。"))
        holes = {"subject": subject.strip(), "title": subject.strip(), "body": "（正文）"}
        return Filled({**usual, **holes})
    if known.source not in _sources:
        raise Refused(_("这种公文要由记录填写，本系统还没有这类记录。"))
    if not source_id.strip():
        raise Refused(_("请写明由哪条记录填写。"))
    found = _sources[known.source](kind, source_id.strip(), by)
    return Filled({**usual, **found.values}, found.sample)


def _title(text: str) -> str:
    title = official.parse(text).paper.title.replace("\n", "")
    return shorten(title, 200) or _("（没有标题）")


@transaction.atomic
def edit(paper: Paper, *, by: Post | None, text: str) -> Paper:
    """改稿：印发以前。Faults do not stop an edit, they stop the issue; nothing typed is lost."""
    _require(by, held.WRITE)
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.state != "draft":
        raise Refused(_("已印发的公文不能改。请作废以后另发。"))
    before, paper.text = paper.text, text.replace("\r\n", "\n").strip() + "\n"
    paper.title = _title(paper.text)
    paper.save(update_fields=["text", "title"])
    if before != paper.text:
        audit.record(by, "press.paper.edit", paper)
    return paper


def faults(text: str) -> list[str]:
    """Every reason why a text cannot be issued yet, in the reader's language."""
    found = official.parse(text).faults
    told = [_(FAULTS[one.code]) % {"row": one.row, "found": one.found} for one in found]
    if "{{" in text:
        told.append(_("还有没填的空（{{…}}）。请填写或删去。"))
    return told


def document(paper: Paper) -> Document:
    """The paper as it looks now: a draft says so, an issued one has its number and root."""
    parsed = official.parse(paper.text).paper
    parsed = replace(parsed, form=rules.KINDS[paper.kind].form)  # type: ignore[arg-type]  # of the table
    mark = SAMPLE_MARK if paper.sample else ""
    if not paper.number:
        shown = replace(parsed, number=f"{parsed.word}〔    〕   号", sample=mark or "草稿")
        return official.document(shown)
    assert paper.issued_on is not None  # what has a number has been issued
    with override("zh-hans"):
        day = clock.in_words(paper.issued_on)
    made = official.issued(
        replace(parsed, sample=mark), number=paper.number, date=parsed.date or day,
        printed_on=day, root=paper.root,
    )  # fmt: skip
    return official.document(made)


@transaction.atomic
def issue(paper: Paper, *, by: Post | None) -> Paper:
    """印发：由起草人以外的人；编号，印成 PDF 和 Word 存档，页脚有此刻的审计链根。"""
    _require(by, held.ISSUE)
    paper = Paper.objects.select_for_update(of=("self",)).select_related("by").get(pk=paper.pk)
    told = [*faults(paper.text)]
    if paper.state != "draft":
        told.insert(0, _("这份公文已印发或已作废。"))
    if by is not None and paper.by is not None and paper.by.person_id == by.person_id:
        told.append(_("不能印发自己起草的公文。请由另一人印发。"))
    word = official.parse(paper.text).paper.word
    if not word:
        told.append(_("缺“代字”。文号由代字、年份和序号写成。"))
    if told:
        raise Refused.all(told)
    today = clock.today()
    paper.word, paper.year = word, today.year
    paper.serial = held.next_serial(word, today.year)
    paper.issued_on, paper.issued_by = today, by
    paper.root = audit_queries.head()[1]
    made = document(paper)
    for name, content, media in (
        ("pdf", printed(made), "application/pdf"),
        ("docx", worded(made), "application/vnd.openxmlformats-officedocument"
         ".wordprocessingml.document"),
    ):  # fmt: skip
        upload = SimpleUploadedFile(f"{shorten(paper.title, 60)}.{name}", content, media)
        version = files.keep(upload, by=by, title=f"{paper.number} {paper.title}", thing=paper)
        setattr(paper, name, version)
    paper.state = "issued"
    paper.save()
    audit.record(by, "press.paper.issue", paper, changes={"number": (None, paper.number)})
    return paper


@transaction.atomic
def void(paper: Paper, *, by: Post | None, reason: str) -> Paper:
    """作废：号不再用，文件留着，写明原因。"""
    _require(by, held.ISSUE)
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.state != "issued":
        raise Refused(_("只有已印发的公文能作废。"))
    if not reason.strip():
        raise Refused(_("请写明作废的原因。"))
    paper.state, paper.reason = "void", reason.strip()
    paper.save(update_fields=["state", "reason"])
    audit.record(by, "press.paper.void", paper, note=reason)
    return paper


@transaction.atomic
def set_template(kind: str, *, by: Post | None, text: str, source: str) -> Template:
    """设定模板：存为新的一版，写明依据；以前的公文不变。"""
    _require(by, "press.templates")
    told = []
    if kind not in rules.KINDS:
        raise NotFound(_("没有这种公文。"))
    if "正文：" not in text:
        told.append(_(FAULTS["no_mark"]))
    if not source.strip():
        told.append(_("请写明依据。"))
    newest = queries.templates(kind).first()
    if text.strip() == queries.template(kind).strip():
        told.append(_("与现在的模板相同，不用再存。"))
    if told:
        raise Refused.all(told)
    made = Template.objects.create(
        kind=kind, version=(newest.version if newest else 0) + 1, text=text.replace("\r\n", "\n"),
        source=source.strip(), by=by,
    )  # fmt: skip
    audit.record(by, "press.template.set", made)
    return made


def _require(by: Post | None, verb: str) -> None:
    if by is not None:
        people.require(by, verb)
