"""A poll before anybody votes: drawn up, put on the roll, frozen."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import bridge
from bihuan.ballots.models import Poll, Voter
from bihuan.ballots.services.steps import at, move
from bihuan.base.errors import Refused
from bihuan.people import queries as people
from bihuan.people.models import Person, Post, Unit

_SLUG = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else


@dataclass(frozen=True)
class Line:
    """One line of a roll."""

    name: str
    category: str
    unit: Unit | None = None
    person: Person | None = None


@transaction.atomic
def draw_up(
    *,
    by: Post | None,
    plan: Mapping[str, Any],
    title: str,
    title_en: str = "",
    subject_url: str = "",
    rehearsal: bool = False,
    sample: bool = False,
) -> Poll:
    """起草：方案先要读得通；票箱号此时定下，写进方案。"""
    _may(by)
    box_id = secrets.token_hex(16)
    whole: Any = bridge.read_plan({**plan, "box": box_id}).plain()  # the stub knows only text
    poll = Poll.objects.create(
        slug="".join(secrets.choice(_SLUG) for _place in range(8)),
        box_id=box_id,
        title=title,
        title_en=title_en,
        subject_url=subject_url,
        plan=whole,
        rehearsal=rehearsal,
        sample=sample,
        screen_key=secrets.token_urlsafe(12),
    )
    audit.record(by, "ballots.poll.draw_up", poll)
    return poll


@transaction.atomic
def redraw(poll: Poll, *, by: Post | None, plan: Mapping[str, Any]) -> Poll:
    """改方案：定稿之前。"""
    _may(by)
    poll = at(poll, "draft")
    poll.plan = bridge.read_plan({**plan, "box": poll.box_id}).plain()
    poll.save(update_fields=["plan"])
    audit.record(by, "ballots.poll.redraw", poll)
    return poll


@transaction.atomic
def freeze(poll: Poll, *, by: Post | None) -> tuple[str, ...]:
    """定稿：方案从此不变，造票箱和密钥；密钥分给几个人的，份额只在此时给出一次。"""
    _may(by)
    poll = at(poll, "draft")
    plan = bridge.read_plan(poll.plan)
    keys, shares = bridge.make(plan)
    poll.plan_digest, poll.keys = plan.digest, keys
    poll.save(update_fields=["plan_digest", "keys"])
    move(poll, "frozen", by, changes={"plan_digest": ("", plan.digest)})
    return shares


@transaction.atomic
def enrol(poll: Poll, *, by: Post | None, lines: Sequence[Line]) -> int:
    """编名单：签到开始之前可以整个重编。"""
    _may(by)
    poll = at(poll, "draft", "frozen")
    if faults := _faults(poll, lines):
        raise Refused.all(faults)
    poll.voters.all().delete()
    Voter.objects.bulk_create(
        [
            Voter(
                poll=poll,
                number=number,
                name=line.name.strip(),
                category=line.category,
                unit=line.unit,
                person=line.person,
            )
            for number, line in enumerate(lines, start=1)
        ],
        batch_size=500,
    )
    audit.record(by, "ballots.poll.enrol", poll, changes={"voters": (None, len(lines))})
    return len(lines)


@transaction.atomic
def enrol_late(poll: Poll, *, by: Post | None, line: Line, reason: str) -> Voter:
    """补录一人：签到期间，写明理由。"""
    _may(by)
    poll = at(poll, "frozen", "issuing")
    faults = _faults(poll, [line])
    if not reason.strip():
        faults.append(_("请写明补录的理由。"))
    if faults:
        raise Refused.all(faults)
    last = poll.voters.order_by("-number").values_list("number", flat=True).first() or 0
    voter = Voter.objects.create(
        poll=poll,
        number=last + 1,
        name=line.name.strip(),
        category=line.category,
        unit=line.unit,
        person=line.person,
        late_reason=reason,
    )
    audit.record(by, "ballots.poll.enrol_late", poll, note=f"{voter.name}：{reason}")
    return voter


def _faults(poll: Poll, lines: Sequence[Line]) -> list[str]:
    known = {category["code"] for category in poll.plan["categories"]}
    faults = []
    seen: dict[int, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.name.strip():
            faults.append(_("名单第 %(n)d 行没有姓名或职务。") % {"n": number})
        elif len(line.name.strip()) > 120:
            faults.append(_("名单第 %(n)d 行的姓名或职务超过 120 字。") % {"n": number})
        elif not bridge.is_seen(line.name.strip()):
            faults.append(
                _("名单第 %(n)d 行有看不见的字符（如控制符、换向符）。请删去后重填。")
                % {"n": number}
            )
        if line.category not in known:
            faults.append(
                _("名单第 %(n)d 行的类别“%(code)s”不在方案里。")
                % {"n": number, "code": line.category}
            )
        if line.person is not None and line.person.pk in seen:
            faults.append(
                _("名单第 %(n)d 行与第 %(m)d 行是同一个人，一人只投一票。")
                % {"n": number, "m": seen[line.person.pk]}
            )
        elif line.person is not None:
            seen[line.person.pk] = number
    return faults


def _may(by: Post | None) -> None:
    if by is not None:
        people.require(by, "ballots.run")
