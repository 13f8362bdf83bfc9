"""What the pages of this room share: tags, dates, links between the pages of one round."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Meeting, Plan, Reporter
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import Link
from bihuan.ui.table import Tag, Tone

_TONES: dict[str, Tone] = {
    "planning": "quiet",
    "preparing": "info",
    "sitting": "warn",
    "counted": "info",
    "decided": "info",
    "issued": "info",
    "done": "good",
}
_PLAN_TONES: dict[str, Tone] = {
    "draft": "quiet",
    "submitted": "warn",
    "approved": "good",
    "replaced": "quiet",
}


def state_tag(meeting: Meeting) -> Tag:
    return Tag(_(rules.STATES[meeting.state]), _TONES[meeting.state])


def plan_tag(plan: Plan) -> Tag:
    return Tag(_(rules.PLAN_STATES[plan.state]), _PLAN_TONES[plan.state])


def mode_tag(mode: str) -> Tag:
    return Tag(_(rules.MODES[mode]), "info" if mode == "onsite" else "plain")


def tags(meeting: Meeting) -> tuple[Tag, ...]:
    """State, rehearsal, sample."""
    found = [state_tag(meeting)]
    if meeting.rehearsal:
        found.append(Tag(_("演练"), "warn"))
    if meeting.sample:
        found.append(Tag(_("示例数据"), "quiet"))
    return tuple(found)


def year(meeting: Meeting) -> str:
    return _("%(year)d 年度") % {"year": meeting.year}


def day(text: Any) -> str:
    """A day of the plan as people read it."""
    try:
        return clock.in_words(date.fromisoformat(str(text)))
    except ValueError:
        return ""


def held(document: Any) -> str:
    """When and where the meeting is held."""
    told = [day(document["held_on"]), _(rules.HALVES[document["half"]])]
    return " ".join(part for part in (*told, document["place"]) if part)


def grade(document: Any, code: str) -> str:
    """A grade in the reader's language."""
    return queries.tables_words(document, "grades").get(code, "")


def grade_tag(document: Any, code: str) -> Tag:
    """A grade as a tag: the upper half of the scale good, the lower half not."""
    codes = [row["code"] for row in document["grades"]]
    tones: tuple[Tone, ...] = ("good", "info", "warn", "bad")
    place = codes.index(code) if code in codes else 0
    tone = tones[place * len(tones) // max(len(codes), 1)]
    return Tag(grade(document, code) or "—", tone if code in codes else "quiet")


def back(meeting: Meeting) -> Link:
    return Link(_("回到会议"), meeting.get_absolute_url())


def address(meeting: Meeting, name: str, *more: Any) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk, *more])


def reporter_address(reporter: Reporter, name: str, *more: Any) -> str:
    return reverse(f"meetings:{name}", args=[reporter.meeting_id, reporter.unit.code, *more])


def may(by: Post, verb: str) -> bool:
    """May this post do that for the whole zone?"""
    return people.scope(by, verb).units is None
