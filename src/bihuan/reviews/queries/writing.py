"""Report and circular after the meeting, drafted from the record; in Chinese, as they are sent.

Neither quotes criticism, opinions or materials: the report goes to the superior and the circular
to a set circle, both wider than the room.
"""

from django.utils import translation

from bihuan.base import clock
from bihuan.ledger import rules as ledger
from bihuan.reviews import rules
from bihuan.reviews.models import Review, Step, Writing
from bihuan.reviews.queries import before, sitting

_LANGUAGE = "zh-hans"


def writing(review: Review, kind: str) -> Writing | None:
    """What was saved, if anything."""
    return review.writings.filter(kind=kind).first()


def written_or_drafted(review: Review, kind: str) -> str:
    """The text as it was saved, or a draft from what is on record now."""
    saved = writing(review, kind)
    if saved is not None:
        return saved.text
    with translation.override(_LANGUAGE):
        lines = _report(review) if kind == "report" else _circular(review)
    return "\n".join(lines)


def _report(review: Review) -> list[str]:
    return [
        f"按照{review.basis}，{review.body.name}于{_day(review)}召开{_kind(review)}。现将情况报告如下。",
        "一、会前准备",
        *_prepared(review),
        "二、会议情况",
        *_attended(review, why=True),
        f"会议按议程进行 {review.agenda.filter(state='done').count()} 项，"
        f"成员之间提出批评意见 {len(sitting.criticisms(review))} 条。",
        *_judged(review),
        "三、查摆的问题和整改",
        *_problems(review),
        "四、下一步",
        "问题已列清单、存入台账，明确责任和时限，逐项整改、核查、销号。",
    ]


def _circular(review: Review) -> list[str]:
    count = review.problems.filter(dropped="").count()
    return [
        f"{_day(review)}，{review.body.name}召开{_kind(review)}。现将有关情况通报如下。",
        "一、会议情况",
        f"会议主题：{review.theme}",
        *_attended(review, why=False),
        "二、查摆的问题",
        f"会议查摆问题 {count} 个。",
        *_problems(review),
        "三、整改要求",
        "各责任单位按清单和时限整改，整改情况由台账管到底，接受监督。",
    ]


def _kind(review: Review) -> str:
    return f"{review.year} 年度民主生活会" if review.kind == "annual" else "专题民主生活会"


def _day(review: Review) -> str:
    return clock.in_words(review.held_on or review.date)


def _prepared(review: Review) -> list[str]:
    steps = review.steps.filter(phase="before").order_by("order", "pk")
    told = [_step(step) for step in steps]
    told.append(
        f"共征求意见 {review.opinions.count()} 条，谈心谈话 {len(before.talks_held(review))} 次。"
    )
    return told


def _step(step: Step) -> str:
    if step.state == "skipped":
        return f"{step.name}：未做，{step.note}"
    if step.done_on is None:
        return f"{step.name}：未完成。"
    return f"{step.name}：{clock.in_words(step.done_on)}完成。"


def _attended(review: Review, *, why: bool) -> list[str]:
    count = sitting.quorum(review)
    told = [f"应到 {count.due} 人，实到 {count.present} 人。"]
    if why:
        told += [
            f"{seat.post.title}缺席：{seat.absent_why}"
            for seat in sitting.seats(review)
            if seat.attendance == "absent"
        ]
    return told


def _judged(review: Review) -> list[str]:
    graded = [
        f"{one.name}（{one.grade}）" for one in review.judgements.order_by("order") if one.grade
    ]
    return [f"指导组评价：{'，'.join(graded)}。"] if graded else []


def _problems(review: Review) -> list[str]:
    found = review.problems.filter(dropped="").select_related("lead_unit").order_by("number")
    return [
        f"{n}. {one.title}（{ledger.RECT_KINDS[one.rect_kind]}，{one.lead_unit.name}牵头，"
        f"{clock.in_words(one.due)}前完成）"
        for n, one in enumerate(found, start=1)
    ]


def lacks_writing(step: Step) -> bool:
    """Does this step ask for a text of the house that was not saved yet?"""
    kind = rules.STEP_WRITINGS.get(step.code)
    return kind is None or writing(step.review, kind) is None
