"""Verbs on drills: recorded with the minutes asked for that day; what lacked becomes a finding."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import tidy
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.winter.models import Drill
from bihuan.winter.queries import tables

MANAGE = "winter.manage"


@transaction.atomic
def record_drill(
    *,
    by: Post | None,
    on: date,
    scenario: str,
    participants: int,
    vehicles: int,
    minutes: int,
    lacking: str = "",
    sample: bool = False,
) -> Drill:
    """记演练：演什么，多少人多少车，几分钟出动，发现缺什么。"""
    if by is not None:
        people.require(by, MANAGE)
    faults = []
    if on > clock.today():
        faults.append(_("演练的日期不得晚于今天。"))
    if not scenario.strip():
        faults.append(_("请写演练的内容。"))
    if min(participants, vehicles, minutes) < 0:
        faults.append(_("人数、车数、分钟数不能小于 0。"))
    if faults:
        raise Refused.all(faults)
    made = Drill.objects.create(
        on=on,
        scenario=tidy(scenario),
        people=participants,
        vehicles=vehicles,
        minutes=minutes,
        limit_minutes=tables.setting("drill_minutes"),
        lacking=tidy(lacking),
        by=by,
        sample=sample,
    )
    audit.record(by, "winter.drill.record", made)
    return made


@transaction.atomic
def raise_drill(drill: Drill, *, by: Post) -> Finding:
    """演练发现的列为问题：一次演练只列一次。"""
    if raised := ledger_queries.already_raised(drill):
        raise Refused.all(raised)
    late = (
        ""
        if drill.in_time
        else _("用了 %(n)d 分钟才出动，规定 %(limit)d 分钟。")
        % {
            "n": drill.minutes,
            "limit": drill.limit_minutes,
        }
    )
    told = " ".join(part for part in (late, drill.lacking) if part)
    if not told:
        raise Refused(_("这次演练按时出动，也没有写缺什么，没有可列为问题的。"))
    finding = ledger.raise_finding(
        by=by,
        title=_("演练发现：%(what)s") % {"what": told},
        description=f"{clock.in_words(drill.on)} {drill.scenario}\n{told}",
        category=_("扫雪除冰"),
        source="supervision",
        origin=drill,
    )
    audit.record(by, "winter.drill.raise", drill, changes={"finding": (None, finding.number)})
    return finding
