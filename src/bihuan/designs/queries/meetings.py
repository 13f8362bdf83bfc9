"""Questions about review meetings: what was said there, and the draft of its minutes."""

from django.utils.translation import override

from bihuan.base import clock
from bihuan.designs import rules
from bihuan.designs.models import AgendaItem, Attendee, Minutes, Opinion, ReviewMeeting
from bihuan.designs.queries.schemes import reply


def agenda(meeting: ReviewMeeting) -> list[AgendaItem]:
    """The items in order, each with its scheme and version."""
    return list(
        meeting.agenda.select_related("scheme__project", "scheme__designer", "version__scheme")
    )


def attendees(meeting: ReviewMeeting) -> list[Attendee]:
    """Who was invited, as listed."""
    return list(meeting.attendees.select_related("post__person", "post__unit"))


def paper(meeting: ReviewMeeting) -> Minutes | None:
    """The minutes, if they were drafted."""
    return Minutes.objects.filter(meeting=meeting).select_related("meeting").first()


def said(item: AgendaItem) -> list[Opinion]:
    """修改完善意见：会上就这个方案提的，加上此前各单位对这一版提的、未撤回的。"""
    found = item.scheme.opinions.exclude(state="withdrawn").select_related("aspect", "unit")
    at_meeting = found.filter(meeting=item.meeting)
    before = found.filter(meeting__isnull=True, version=item.version).exclude(source="public")
    return [*before.prefetch_related("replies"), *at_meeting.prefetch_related("replies")]


def draft(meeting: ReviewMeeting) -> str:
    """纪要初稿：由议程、到会、结论、意见写成，只用记录里有的。In Chinese, as it is issued."""
    with override("zh-hans"):
        return "\n".join(_lines(meeting))


def _lines(meeting: ReviewMeeting) -> list[str]:
    chair = str(meeting.chair)
    told = clock.in_words(meeting.on) + meeting.time
    where = f"，在{meeting.place}" if meeting.place else ""
    items = agenda(meeting)
    names = "、".join(dict.fromkeys(item.scheme.project.name for item in items))
    studied = f"，研究{names}的规划设计方案 {len(items)} 个" if items else ""
    kind = rules.MEETING_KINDS[meeting.kind]
    lines = [f"{told}{where}，{chair}主持召开{kind}{studied}。现将会议情况纪要如下。"]
    for place, item in enumerate(items):
        lines.append(f"{counted(place)}、{item.scheme.project.name}{_named(item)}")
        if item.conclusion:
            text = item.text.strip().rstrip("。")
            told = rules.MINUTED[item.conclusion]
            lines.append(f"{told}{'：' if text else ''}{text}。")
        found = said(item)
        if found:
            lines.append("提出以下修改完善意见：")
            lines += [f"{n}. {_opinion(one)}" for n, one in enumerate(found, 1)]
    if meeting.requirements.strip():
        lines.append(f"{counted(len(items))}、会议要求")
        lines += [line.strip() for line in meeting.requirements.splitlines() if line.strip()]
    came = [each for each in attendees(meeting) if each.attendance in ("present", "listening")]
    for state, word in (("present", "参加"), ("listening", "列席")):
        who = [str(each) for each in came if each.attendance == state]
        if who:
            lines.append(f"{word}：{'、'.join(who)}")
    absent = [str(each) for each in attendees(meeting) if each.attendance == "absent"]
    if absent:
        lines.append(f"请假：{'、'.join(absent)}")
    return lines


def _named(item: AgendaItem) -> str:
    return f"（{item.scheme.name}，第{item.version.number}版）"


def _opinion(opinion: Opinion) -> str:
    who = opinion.unit.name if opinion.unit else rules.SOURCES[opinion.source]
    text = " ".join(opinion.text.split()).rstrip("。")
    given = reply(opinion)
    answer = f"（{rules.DECISIONS[given.decision]}）" if given else ""
    return f"{opinion.aspect.name}：{text}（{who}）{answer}。"


_NUMERALS: tuple[str, ...] = ("", *"一二三四五六七八九")


def counted(place: int) -> str:
    """0 → 一, 9 → 十, 10 → 十一, 20 → 二十一."""
    tens, ones = divmod(place + 1, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + _NUMERALS[ones]
