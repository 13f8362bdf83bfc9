"""Check materials: saved as a draft, submitted as a version, judged; and every reading recorded."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.files.models import Version
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries
from bihuan.reviews.models import Draft, Paper, PaperReview, PaperVersion, StepDocument
from bihuan.reviews.services.doors import anybody_inside, guide, opened, placed
from bihuan.reviews.services.steps import kept


@transaction.atomic
def save_draft(
    paper: Paper,
    *,
    by: Post | None,
    text: str = "",
    upload: "UploadedFile[bytes] | None" = None,
) -> Draft:
    """存草稿：本人写自己的，主要负责人写班子的，经办人代录；提交之前别人都看不到。"""
    paper = _writable(paper, by)
    draft = queries.draft_of(paper) or Draft(paper=paper)
    draft.text, draft.saved_at = text.strip(), clock.now()
    if upload is not None:
        draft.version, draft.name = kept(upload, by=by, thing=paper, title=str(paper))
    draft.save()
    audit.record(by, "reviews.paper.draft", paper)
    return draft


@transaction.atomic
def submit_paper(paper: Paper, *, by: Post | None) -> PaperVersion:
    """提交：草稿成为下一版，不再改动；交指导组审阅。"""
    paper = _writable(paper, by)
    draft = queries.draft_of(paper)
    if draft is None or not (draft.text or draft.version):
        raise Refused(_("还没有内容可以提交。请先写草稿，或附上文件。"))
    last = paper.versions.aggregate(last=Max("number"))["last"] or 0
    version = PaperVersion.objects.create(
        paper=paper,
        number=last + 1,
        text=draft.text,
        version=draft.version,
        name=draft.name,
        by=by,
    )
    draft.delete()
    _move(paper, "submitted")
    audit.record(by, "reviews.paper.submit", paper, changes={"version": (None, version.number)})
    return version


@transaction.atomic
def judge_paper(paper: Paper, *, by: Post | None, passed: bool, text: str = "") -> PaperReview:
    """审阅：指导组对最新一版，通过，或写明意见退回修改。"""
    opened(paper.review, by, guide, states=("preparing",))
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.state != "submitted":
        raise Refused(_("没有等待审阅的版本。请等提交以后再审阅。"))
    if not passed and not text.strip():
        raise Refused(_("退回修改的，请写明审阅意见。"))
    version = paper.versions.order_by("-number")[0]
    row = PaperReview.objects.create(version=version, passed=passed, text=text.strip(), by=by)
    _move(paper, "passed" if passed else "sent_back")
    act = "reviews.paper.pass" if passed else "reviews.paper.send_back"
    audit.record(by, act, paper, changes={"version": (None, version.number)})
    return row


@dataclass(frozen=True)
class Reading:
    """What somebody may read of one paper: the draft only for those whose it is."""

    paper: Paper
    draft: Draft | None
    versions: tuple[PaperVersion, ...]


@transaction.atomic
def read_paper(paper: Paper, *, by: Post, way: str = "page") -> Reading:
    """阅读：每打开一次记一条审计，写明读了哪几版，不写内容。"""
    place = placed(paper.review, by)
    sees_draft = place.sees_draft(paper.kind, paper.seat_id)
    draft = queries.draft_of(paper) if sees_draft else None
    found = tuple(queries.versions(paper))
    changes = {
        "way": (None, way),
        "version": (None, [one.number for one in found]),
        "draft": (None, draft is not None),
    }
    audit.record(by, "reviews.paper.read", paper, changes=changes)
    return Reading(paper, draft, found)


@transaction.atomic
def take_file(paper: Paper, *, by: Post, number: int | None) -> tuple[Version, str]:
    """取材料的文件：第几版的，或草稿的（`number` 为空）；每次下载记一条审计。"""
    place = placed(paper.review, by)
    held: Draft | PaperVersion | None
    if number is None:
        sees_draft = place.sees_draft(paper.kind, paper.seat_id)
        held = queries.draft_of(paper) if sees_draft else None
    else:
        held = queries.versions(paper).filter(number=number).first()
    if held is None or held.version is None:
        raise NotFound(_("没有这个文件。"))
    changes = {
        "way": (None, "download"),
        "version": (None, number),
        "draft": (None, number is None),
    }
    audit.record(by, "reviews.paper.read", paper, changes=changes)
    return held.version, held.name


@transaction.atomic
def take_document(document: StepDocument, *, by: Post) -> tuple[Version, str]:
    """取步骤的材料：每次下载记一条审计。"""
    placed(document.step.review, by)
    audit.record(by, "reviews.step.read", document.step, changes={"way": (None, "download")})
    return document.version, document.name


def _writable(paper: Paper, by: Post | None) -> Paper:
    review = opened(paper.review, by, anybody_inside, states=("preparing",))
    paper = (
        Paper.objects.select_for_update(of=("self",))
        .select_related("review__body", "seat__post__person")
        .get(pk=paper.pk, review=review)
    )
    if by is not None and not placed(review, by).sees_draft(paper.kind, paper.seat_id):
        raise people.not_allowed(by)
    if paper.state == "submitted":
        raise Refused(_("已提交，正等审阅。退回以后才能再改。"))
    return paper


def _move(paper: Paper, state: str) -> None:
    paper.state = state
    paper.save(update_fields=["state"])
