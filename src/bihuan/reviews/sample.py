"""示例数据：一次已了结的专题民主生活会，一次正在筹备的年度民主生活会。

Everything goes through the same verbs as in an office, with the clock held at the day of each. The
theme is the kind of theme that the page prints; every text is generated and says 示例数据.
"""

from datetime import timedelta

from django.db import transaction

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK as MARK
from bihuan.files.sample import sample_paper
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people.models import Unit
from bihuan.people.queries import acting
from bihuan.reviews import queries, rules, services
from bihuan.reviews.models import Review, Seat

HELD_DAYS_AGO = 70
COMING_IN_DAYS = 12
_PHRASES = (
    "准备充分，材料齐全。",
    "问题找得准。",
    "批评直接，不绕弯子。",
    "措施有人管、有期限。",
    "",
)


@transaction.atomic
def load_sample() -> None:
    """装入示例：党工委的两次会；人员以岗位命名。"""
    body = Unit.objects.filter(code="party").first()
    if body is None or Review.objects.filter(sample=True).exists():
        return
    _finished(body)
    _in_preparation(body)


# The finished meeting -----------------------------------------------------------------------------


def _finished(body: Unit) -> None:
    clerk, start = acting("clerk"), HELD_DAYS_AGO
    with clock.days_ago(start + 25):
        review = services.prepare(
            by=clerk,
            kind="special",
            body=body,
            year=clock.ago(0).year,
            theme=f"{MARK}：围绕作风建设和为民服务，查摆问题，开展批评和自我批评。",
            basis=f"{MARK}：上级关于开好专题民主生活会的通知",
            date=clock.today() + timedelta(days=25),
            sample=True,
        )
        services.invite(
            review,
            by=clerk,
            post=acting("guide"),
            leader=True,
            home_unit="市直局",
            valid_from=clock.today(),
            valid_to=clock.today() + timedelta(days=45),
        )
    _prepared(review, start)
    with clock.days_ago(start):
        _sat(review)
    _followed(review, start)


def _prepared(review: Review, start: int) -> None:
    clerk = acting("clerk")
    found = queries.seats(review)
    with clock.days_ago(start + 16):
        _finish(review, "plan", "会议方案")
        _finish(review, "study", "学习研讨记录")
        _opinions(review, found)
    with clock.days_ago(start + 12):
        services.return_opinions(review, by=clerk)
        _finish(review, "opinions")
        for first, second in ((a, b) for n, a in enumerate(found) for b in found[n + 1 :]):
            services.note_talk(review, by=clerk, seat=first, other=second, on=clock.today())
        _finish(review, "talks")
    with clock.days_ago(start + 8):
        _written(review)
        _finish(review, "checks")
    with clock.days_ago(start + 5):
        _judged(review)
        _finish(review, "guidance")


def _opinions(review: Review, found: list[Seat]) -> None:
    clerk = acting("clerk")
    services.note_opinion(
        review, by=clerk, channel="written", about="body", origin="基层党支部",
        text=f"{MARK}：到基层调研偏少，答复问题偏慢。",
    )  # fmt: skip
    for seat in found[1:]:
        services.note_opinion(
            review, by=clerk, channel="interview", about="member", seat=seat, origin="服务对象",
            text=f"{MARK}：对分管领域的难点盯得不够紧。",
        )  # fmt: skip


def _written(review: Review) -> None:
    """First versions of every paper; one is sent back and comes again."""
    for paper in queries.papers(review):
        by = acting("clerk") if paper.seat is None else paper.seat.post
        services.save_draft(
            paper, by=by, text=f"{MARK}：存在的问题、原因剖析、下一步措施，各写三条。"
        )
        services.submit_paper(paper, by=by)


def _judged(review: Review) -> None:
    guide = acting("guide")
    for number, paper in enumerate(queries.papers(review)):
        if number == 1:
            services.judge_paper(
                paper, by=guide, passed=False, text=f"{MARK}：原因剖析还要再深一层。"
            )
            paper.refresh_from_db()
            owner = paper.seat.post if paper.seat else acting("clerk")
            services.save_draft(paper, by=owner, text=f"{MARK}：补充了原因剖析的一稿。")
            services.submit_paper(paper, by=owner)
            paper.refresh_from_db()
        services.judge_paper(paper, by=guide, passed=True)


def _sat(review: Review) -> None:
    clerk, guide = acting("clerk"), acting("guide")
    review.refresh_from_db()
    found = queries.seats(review)
    services.mark_attendance(review, by=clerk, present=found, reasons={})
    services.open_meeting(review, by=acting("secretary"))
    review.refresh_from_db()
    while (item := queries.current_item(review)) is not None:
        spoke = [item.seat] if item.seat and item.kind != "criticism" else found
        if item.kind == "last":
            spoke = found[:1]
        guests = review.guests.all() if item.kind == "comment" else ()
        services.finish_item(item, by=clerk, speakers=spoke, guests=guests)
    for source in found:
        for target in found:
            if source != target:
                services.record_criticism(
                    review, by=clerk, source=source, target=target,
                    text=f"{MARK}：抓落实的韧劲还要再足一些，调研再沉一些。",
                )  # fmt: skip
    services.comment(review, by=guide, text=f"{MARK}：准备充分，查摆问题深刻，达到预期目的。")
    for judgement, text in zip(review.judgements.order_by("order"), _PHRASES, strict=False):
        services.judge(judgement, by=guide, grade="good", text=text and f"{MARK}：{text}")
    services.end_meeting(review, by=acting("secretary"))
    review.refresh_from_db()
    for code, title in (("attendance", ""), ("agenda", ""), ("criticism", ""), ("judgement", "")):
        _finish(review, code, title)
    _finish(review, "minutes", "会议记录")


def _followed(review: Review, start: int) -> None:
    clerk = acting("clerk")
    review.refresh_from_db()
    found = queries.seats(review)
    with clock.days_ago(start - 3):
        first = _problem(review, found[0], "economy", "调研解决企业难题不够及时", 30)
        second = _problem(review, found[-1], "education", "服务群众的长效机制不够健全", 60)
        _finish(review, "problems")
    with clock.days_ago(start - 6):
        _finish(review, "rectification", "整改方案")
        for step, kind in rules.STEP_WRITINGS.items():
            text = queries.written_or_drafted(review, kind)
            services.save_writing(review, by=clerk, kind=kind, text=text)
            _finish(review, step)
        _finish(review, "absent")
    with clock.days_ago(start - 10):
        below = queries.lower_units(review.body).filter(code__in=("education", "investment"))
        due = clock.today() + timedelta(days=20)
        rows = services.list_lower(review, by=clerk, units=below, due=due)
    with clock.days_ago(start - 20):
        for row in rows:
            services.set_lower(row, by=clerk, state="held", date=clock.today(), guide=found[-1])
        _finish(review, "cascade")
    _closed_finding(first, start)
    with clock.days_ago(start - 12):
        ledger.acknowledge(second, by=acting("edu-head"))
    with clock.days_ago(start - 30):
        ledger.make_long_term(
            second, by=acting("leader"), review=clock.today() + timedelta(days=300),
            note=f"{MARK}：需要长期坚持。",
        )  # fmt: skip
        review.refresh_from_db()
        services.close(review, by=clerk)


def _problem(review: Review, seat: Seat, unit: str, title: str, days: int) -> Finding:
    clerk = acting("clerk")
    problem = services.list_problem(
        review, by=clerk, source="body", seat=seat, title=f"{MARK}：{title}",
        measures="每季度到一线现场办公一次，办结情况列表公开。", goal="来件按期办结。",
        rect_kind="dated", lead_unit=Unit.objects.get(code=unit),
        due=clock.today() + timedelta(days=days),
    )  # fmt: skip
    return services.raise_problem(problem, by=clerk)


def _closed_finding(finding: Finding, start: int) -> None:
    head, checker = acting("econ-head"), acting("checker")
    with clock.days_ago(start - 8):
        ledger.acknowledge(finding, by=head)
        ledger.plan(finding, by=head, text="排出现场办公计划。", standard="办结情况有据可查。")
    with clock.days_ago(start - 18):
        ledger.submit_evidence(
            finding,
            by=acting("econ-liaison"),
            upload=sample_paper("现场办公记录"),
            text="现场办公记录",
        )
        ledger.request_close(finding, by=head, note="已按计划办结。")
    with clock.days_ago(start - 22):
        ledger.take_up(finding, by=checker)
        ledger.verify(finding, by=checker, passed=True, opinion="记录齐全。", way="papers")
        ledger.close(finding, by=acting("clerk"))


def _finish(review: Review, code: str, title: str = "") -> None:
    """One step done, with a document where a title is given."""
    step = review.steps.get(code=code)
    if title:
        services.attach(step, by=acting("clerk"), upload=sample_paper(title))
    services.finish_step(step, by=acting("clerk"))


# The meeting in preparation -----------------------------------------------------------------------


def _in_preparation(body: Unit) -> None:
    """Half-way: plan reported, opinions partly sorted, one talk missing, papers drafted."""
    clerk = acting("clerk")
    with clock.days_ago(9):
        today = clock.today()
        day = today + timedelta(days=9 + COMING_IN_DAYS)
        window = queries.setting("window")
        usual = rules.in_window(day, today.year, window["first"], window["last"])
        review = services.prepare(
            by=clerk,
            kind="annual",
            body=body,
            year=today.year,
            theme=f"{MARK}：对照职责查摆年度突出问题，明确整改方向。",
            basis=f"{MARK}：上级关于开好年度民主生活会的通知",
            date=day,
            consent="" if usual else f"{MARK}：上级同意会议时间的批复",
            sample=True,
        )
        services.invite(
            review, by=clerk, post=acting("guide"), leader=True, home_unit="市直局",
            valid_from=today, valid_to=today + timedelta(days=60),
        )  # fmt: skip
        _finish(review, "plan", "会议方案")
    found = queries.seats(review)
    with clock.days_ago(4):
        _finish(review, "study", "学习研讨记录")
        _opinions(review, found)
        services.return_opinions(review, by=clerk)
        services.note_opinion(
            review, by=clerk, channel="interview", origin="企业",
            text=f"{MARK}：政策兑现的进度希望能查得到。",
        )  # fmt: skip
    with clock.days_ago(2):
        for other, points in zip(found[1:], (f"{MARK}：分工和配合。", ""), strict=False):
            services.note_talk(
                review, by=clerk, seat=found[0], other=other, on=clock.today(), points=points
            )
    for paper in queries.papers(review):
        owner = acting("clerk") if paper.seat is None else paper.seat.post
        text = f"{MARK}：初稿，列出三个方面的问题。"
        leads = paper.seat is not None and paper.seat.head
        upload = sample_paper("对照检查材料") if leads else None
        services.save_draft(paper, by=owner, text=text, upload=upload)
        if leads:
            services.submit_paper(paper, by=owner)
