"""Verbs on opinions: give, answer, verify, withdraw, discuss, put into the ledger."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.designs import queries, rules
from bihuan.designs.models import (
    Aspect,
    Opinion,
    Remark,
    Reply,
    ReviewMeeting,
    Scheme,
    SchemeVersion,
    Verification,
)
from bihuan.designs.services.doors import allowed, locked, opened, seen
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


@transaction.atomic
def give(
    scheme: Scheme,
    *,
    by: Post | None,
    text: str,
    aspect: Aspect,
    version: SchemeVersion | None = None,
    page: int | None = None,
    region: rules.Region | None = None,
    priority: str = "should",
    source: str = "unit",
    unit: Unit | None = None,
    meeting: ReviewMeeting | None = None,
) -> Opinion:
    """提意见：代表本单位，或由办公室记专家意见、会上意见；钉在一版的一页一处。"""
    seen(scheme, by)
    if by is not None:
        office = queries.manages(by)
        unit = unit if office and source != "unit" else by.unit
        allowed(by, office if source != "unit" else queries.comments_on(by, scheme))
    scheme = locked(scheme)
    version = version or queries.newest(scheme)
    faults = [] if text.strip() else [_("请写意见。")]
    if version is None or version.scheme_id != scheme.pk:
        raise Refused.all([*faults, _("方案还没有交过一版，无处可提。请等设计单位交图。")])
    if page is not None and not 1 <= page <= version.pages:
        faults.append(
            _("第 %(n)d 版共 %(pages)d 页，没有第 %(page)d 页。请改正页码。")
            % {"n": version.number, "pages": version.pages, "page": page}
        )
    if region is not None and page is None:
        faults.append(_("框选了区域，也要写是哪一页。"))
    if meeting is not None and not meeting.agenda.filter(scheme=scheme).exists():
        faults.append(_("这次会没有议这个方案。请改选。"))
    if faults:
        raise Refused.all(faults)
    opinion = laid_down(
        scheme, by=by, version=version, page=page, region=region, aspect=aspect, source=source,
        unit=unit, meeting=meeting, text=text.strip(), priority=priority,
    )  # fmt: skip
    audit.record(by, "designs.opinion.give", opinion, note=text.strip())
    return opinion


def laid_down(scheme: Scheme, *, region: rules.Region | None = None, **fields: Any) -> Opinion:
    """A new opinion with the next number of its (locked) scheme."""
    last = scheme.opinions.aggregate(last=Max("number"))["last"] or 0
    box = {"x": region.x, "y": region.y, "w": region.w, "h": region.h} if region else {}
    return Opinion.objects.create(scheme=scheme, number=last + 1, **box, **fields)


@transaction.atomic
def answer(
    opinion: Opinion,
    *,
    by: Post | None,
    decision: str,
    reason: str,
    settled_in: SchemeVersion | None = None,
) -> Reply:
    """答复：采纳、部分采纳或不采纳，写明理由；采纳的写明哪一版落实，可等交了新版再补。"""
    seen(opinion.scheme, by)
    allowed(by, by is None or queries.answers_for(by, opinion.scheme))
    opinion = opened(opinion, "answer")
    faults = [] if reason.strip() else [_("请写明理由。")]
    if settled_in is not None and decision == "rejected":
        faults.append(_("不采纳的意见没有落实的版本。请去掉版本，或改为采纳。"))
    if settled_in is not None and settled_in.scheme_id != opinion.scheme_id:
        faults.append(_("落实的版本不是这个方案的。请改选。"))
    elif settled_in is not None and settled_in.number <= opinion.version.number:
        faults.append(
            _("意见是对第 %(n)d 版提的，落实它的版本应在其后。请先交新版，或先不选版本。")
            % {"n": opinion.version.number}
        )
    if faults:
        raise Refused.all(faults)
    reply = Reply.objects.create(
        opinion=opinion, decision=decision, reason=reason.strip(), settled_in=settled_in, by=by
    )
    changes: dict[str, Any] = {"decision": (None, decision)}
    if settled_in is not None:
        changes["settled_in"] = (None, settled_in.number)
    _moved(opinion, "answer", by, changes, reason)
    return reply


@transaction.atomic
def verify(opinion: Opinion, *, by: Post | None, passed: bool, note: str = "") -> Verification:
    """核实：提出单位看过再认可；答复的人不得核实；采纳的须有落实的版本。"""
    seen(opinion.scheme, by)
    opinion = opened(opinion, "pass" if passed else "return")
    if by is not None:
        allowed(by, queries.wrote(by, opinion))
        if by.person_id in queries.answered_by(opinion):
            raise Refused(_("您答复过这条意见，不能再由您核实。请提出单位的其他人核实。"))
    reply = queries.reply(opinion)
    faults = []
    if reply is None:
        raise Refused(_("这条意见还没有答复，无从核实。"))
    if passed and reply.decision in rules.TAKEN and reply.settled_in is None:
        faults.append(_("还没有写明由哪一版落实，不能认可。请等设计单位交新版、补上版本。"))
    if not passed and not note.strip():
        faults.append(_("退回的，请写明还差什么。"))
    if faults:
        raise Refused.all(faults)
    verification = Verification.objects.create(
        opinion=opinion, reply=reply, passed=passed, note=note.strip(), by=by
    )
    _moved(opinion, "pass" if passed else "return", by, {}, note)
    if passed:
        _forget_contact(opinion, by)
    return verification


@transaction.atomic
def withdraw(opinion: Opinion, *, by: Post | None, reason: str) -> Opinion:
    """撤回意见：提出单位自己撤，写明原因；编号和原文都留着。"""
    seen(opinion.scheme, by)
    opinion = opened(opinion, "withdraw")
    allowed(by, by is None or queries.wrote(by, opinion))
    if not reason.strip():
        raise Refused(_("请写明撤回的原因。"))
    _moved(opinion, "withdraw", by, {}, reason)
    _forget_contact(opinion, by)
    return opinion


@transaction.atomic
def remark(opinion: Opinion, *, by: Post, text: str) -> Remark:
    """讨论：看得到方案、能提意见或答复的，都可在一条意见下面写一句。"""
    scheme = opinion.scheme
    seen(scheme, by)
    locked(scheme)
    allowed(by, queries.comments_on(by, scheme) or queries.answers_for(by, scheme))
    if not text.strip():
        raise Refused(_("请写内容。"))
    found = Remark.objects.create(opinion=opinion, at=clock.now(), text=text.strip(), by=by)
    audit.record(by, "designs.opinion.remark", opinion, note=text.strip())
    return found


@transaction.atomic
def raise_opinion(opinion: Opinion, *, by: Post) -> Finding:
    """未采纳的意见存入台账：由经办人决定；同一条只存一次。"""
    seen(opinion.scheme, by)
    people.require(by, "ledger.raise")
    opinion = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("scheme__project", "version", "aspect", "unit")
        .get(pk=opinion.pk)
    )
    if found := queries.finding_of(opinion):
        raise Refused(
            _("这条意见已存入台账，编号 %(number)s。请到台账里办。") % {"number": found.number}
        )
    if not queries.not_taken_up(opinion):
        raise Refused(_("这条意见还在办：没有说不采纳，没有被退回，也没有过期。等有了结果再定。"))
    reply = queries.reply(opinion)
    answered = f"\n答复：{rules.DECISIONS[reply.decision]}。{reply.reason}" if reply else ""
    finding = ledger.raise_finding(
        by=by,
        title=shorten(f"{opinion.scheme.project.name}规划设计方案：{opinion.text}", 200),
        description=f"{opinion.place()}，{opinion.aspect.name}。\n{opinion.text}{answered}",
        source=_origin(opinion),
        origin=opinion,
    )
    changes = {"finding": (None, finding.number)}
    audit.record(by, "designs.opinion.raise", opinion, changes=changes)
    return finding


def _origin(opinion: Opinion) -> str:
    """The ledger's word for where a finding comes from."""
    if opinion.source == "public":
        return "public"
    return "meeting" if opinion.meeting_id else "other"


def _moved(opinion: Opinion, act: str, by: Post | None, changes: dict[str, Any], note: str) -> None:
    before, opinion.state = opinion.state, rules.AFTER[opinion.state][act]
    opinion.save(update_fields=["state"])
    told = {"state": (before, opinion.state), **changes}
    audit.record(by, f"designs.opinion.{act}", opinion, changes=told, note=note.strip())


def _forget_contact(opinion: Opinion, by: Post | None) -> None:
    """What a resident left for an answer has served its purpose."""
    contact = getattr(opinion, "contact", None)
    if contact is None or contact.erased_on is not None:
        return
    contact.text, contact.erased_on = "", clock.today()
    contact.save(update_fields=["text", "erased_on"])
    audit.record(by, "designs.opinion.forget", opinion)
