"""Tags and small pieces that the pages of this room share."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.designs import queries, rules
from bihuan.designs.models import Opinion, Reply, ReviewMeeting, Scheme
from bihuan.ui.panel import Link
from bihuan.ui.table import Cell, Tag, Tone

SCHEME_TONES: Mapping[str, Tone] = {"reviewing": "info", "passed": "good", "withdrawn": "quiet"}
STATE_TONES: Mapping[str, Tone] = {
    "open": "warn",
    "answered": "info",
    "returned": "bad",
    "settled": "good",
    "withdrawn": "quiet",
}
DECISION_TONES: Mapping[str, Tone] = {"adopted": "good", "partly": "warn", "rejected": "bad"}
PRIORITY_TONES: Mapping[str, Tone] = {"must": "orange", "should": "plain", "note": "quiet"}
MEETING_TONES: Mapping[str, Tone] = {
    "planned": "info",
    "held": "warn",
    "minuted": "good",
    "called_off": "quiet",
}


def scheme_state(scheme: Scheme) -> Tag:
    return Tag(_(rules.SCHEME_STATES[scheme.state]), SCHEME_TONES[scheme.state])


def state(opinion: Opinion) -> Tag:
    return Tag(_(rules.STATES[opinion.state]), STATE_TONES[opinion.state])


def priority(opinion: Opinion) -> Tag:
    return Tag(_(rules.PRIORITIES[opinion.priority]), PRIORITY_TONES[opinion.priority])


def decision(reply: Reply) -> Tag:
    return Tag(_(rules.DECISIONS[reply.decision]), DECISION_TONES[reply.decision])


def meeting_state(meeting: ReviewMeeting) -> Tag:
    return Tag(_(rules.MEETING_STATES[meeting.state]), MEETING_TONES[meeting.state])


def who(opinion: Opinion) -> str:
    """Who gave it: the unit, else where it came from; never a resident."""
    if opinion.unit is not None:
        return opinion.unit.label()
    return _(rules.SOURCES[opinion.source])


def place(opinion: Opinion) -> Cell:
    """Where it is pinned, leading to that page of that version."""
    href = reverse("designs:version", args=[opinion.scheme_id, opinion.version.number])
    return Cell(opinion.place(), href=f"{href}#page={opinion.page}" if opinion.page else href)


def answered(opinion: Opinion) -> Cell:
    """The answer that holds, in one cell."""
    reply = queries.reply(opinion)
    if reply is None:
        return Cell("")
    note = (
        _("第 %(n)d 版落实") % {"n": reply.settled_in.number}
        if reply.settled_in
        else _("还没写由哪一版落实")
        if reply.decision in rules.TAKEN
        else ""
    )
    return Cell(decision(reply), "tag", note=note)


def sample(thing: Scheme | ReviewMeeting) -> str:
    """The mark of what was made for a demonstration."""
    return _("示例数据") if thing.sample else ""


def around(here: str, *, managing: bool) -> tuple[Link, ...]:
    """The pages that look across schemes."""
    names = [("index", _("方案")), ("meetings", _("审查会")), ("public", _("公示"))]
    names += [("aspects", _("意见方面"))] if managing else []
    return tuple(Link(label, reverse(f"designs:{name}")) for name, label in names if name != here)
