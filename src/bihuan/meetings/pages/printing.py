"""Papers of a round, in Chinese as the office signs them: plan, notice, agenda, results, letter.

Each function makes a `Document` of `exchange.paper`; `ui.printing` turns it into a PDF.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.audit import queries as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.exchange.appointments import Appointment, calendar
from bihuan.exchange.paper import Document
from bihuan.exchange.paper import letter as letters
from bihuan.exchange.paper import meeting as meetings
from bihuan.exchange.paper import result as sheets
from bihuan.exchange.paper.document import Column, Table
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Letter, Meeting, Plan
from bihuan.meetings.pages import results as result_pages
from bihuan.meetings.pages import words
from bihuan.meetings.pages.following import request_told
from bihuan.meetings.pages.plan import cell_told, shown, told
from bihuan.meetings.queries import results
from bihuan.people.models import Unit

SOURCE_LANGUAGE = "zh-hans"


def _mark(meeting: Meeting) -> str:
    return "演练" if meeting.rehearsal else "示例数据" if meeting.sample else ""


def _root() -> str:
    number, head = audit.head()
    return f"第 {number} 条 {head}"


def _organiser() -> str:
    found = Unit.objects.filter(kind="party_working_committee").order_by("pk").first()
    return found.name if found else ""


# The plan ---------------------------------------------------------------------------------------


def plan_paper(meeting: Meeting, plan: Plan) -> Document:
    """方案。"""
    with translation.override(SOURCE_LANGUAGE):
        document = plan.document
        sections = [
            _fields("一、会议", document, "basics"),
            _fields("二、述职和期限", document, "course"),
            _units("三、述职单位", document),
            _table("四、测评项", document, "items"),
            _table("五、等次", document, "grades"),
            _table("六、投票人", document, "categories"),
            _fields("七、测评规则", document, "rules"),
            _fields("八、票箱", document, "box"),
            _table("九、综合评价", document, "parts"),
            _table("十、结果运用", document, "uses"),
        ]
        state = "" if plan.state == "approved" else f"（{rules.PLAN_STATES[plan.state]}，未生效）"
        digest = f"方案摘要 {plan.digest}。" if plan.digest else ""
        return meetings.plan(
            meetings.Plan(
                title=f"{document['title']}方案{state}",
                number=f"第 {plan.version} 版",
                opening=f"{document['basis']}{digest}",
                sections=tuple(sections),
                issuer=_organiser(),
                issued_on=clock.in_words(plan.approved_on) if plan.approved_on else "",
                audit_root=_root(),
                mark=_mark(meeting),
            )
        )


def _fields(heading: str, document: Mapping[str, Any], section: str) -> meetings.Section:
    lines = [
        f"{rules.FIELDS[code].label}：{value}。"
        for code in rules.SECTIONS[section][1]
        if code != "title_en" and rules.applies(document, code) and (value := told(document, code))
    ]
    return meetings.Section(heading, tuple(lines))


def _units(heading: str, document: Mapping[str, Any]) -> meetings.Section:
    rows = [
        [number, unit["name"], rules.MODES[unit["mode"]]]
        for number, unit in enumerate(document["units"], start=1)
    ]
    columns = (Column("次序", 1, "centre"), Column("单位", 4), Column("方式", 2))
    return meetings.Section(heading, table=Table(columns, rows))


def _table(heading: str, document: Mapping[str, Any], code: str) -> meetings.Section:
    table = rules.TABLES[code]
    columns = tuple(Column(column.label, 2) for column in shown(table))
    rows = [
        [cell_told(document, column, line) for column in shown(table)] for line in document[code]
    ]
    return meetings.Section(heading, (table.intro,), Table(columns, rows))


# The notice -------------------------------------------------------------------------------------


def notice_paper(meeting: Meeting, plan: Plan) -> Document:
    """会议通知：时间地点、谁参加、谁述职、何时交什么；照批准的方案写。"""
    with translation.override(SOURCE_LANGUAGE):
        document = plan.document
        units = document["units"]
        due = words.day(document["reports_due"])
        voters = "、".join(row["name"] for row in document["categories"])
        minutes = (document["report_minutes"], document["comment_minutes"])
        rules_told = [
            f"现场述职的单位由主要负责人述职，每个单位 {minutes[0]} 分钟，"
            f"随后点评 {minutes[1]} 分钟。",
            "投票人按时签到，当面领票；一人一票，不记名，不得由他人代投。",
        ]
        return meetings.notice(
            meetings.Notice(
                title=f"关于召开{document['title']}的通知",
                number="",
                to="、".join(unit["name"] for unit in units),
                opening=f"{document['basis']}现将会议有关事项通知如下。",
                sections=(
                    meetings.Section(
                        "一、时间和地点",
                        (
                            f"时间：{_when(document)}。",
                            f"地点：{document['place'] or '另行通知'}。",
                        ),
                    ),
                    meetings.Section("二、参加人员", (f"{voters}，到会指导的同志。",)),
                    _units("三、述职单位、次序和方式", document),
                    meetings.Section(
                        "四、述职报告",
                        (
                            f"各述职单位请于{due}前在系统“测评”中本单位的页面提交述职报告，取回执。"
                            "报告须写明上年问题的整改情况。",
                        ),
                    ),
                    meetings.Section("五、有关要求", tuple(rules_told)),
                ),
                issuer=_organiser(),
                issued_on=clock.in_words(plan.approved_on) if plan.approved_on else "",
                mark=_mark(meeting),
            )
        )


def _when(document: Mapping[str, Any]) -> str:
    start, _end = queries.hours(document)
    return f"{words.day(document['held_on'])}{rules.HALVES[document['half']]} {start:%H:%M}"


def appointments(meeting: Meeting, plan: Plan) -> bytes:
    """会议和报告截止日，供各人的日历收下；方案改版后同一条日程随之更新。"""
    document = plan.document
    start, end = queries.hours(document)
    due = date.fromisoformat(document["reports_due"])
    revision = plan.version - 1
    title = meeting.label()
    if mark := _mark(meeting):
        title = f"{title}（{_(mark)}）"
    return calendar(
        [
            Appointment(
                f"meeting-{meeting.pk}@bihuan",
                title,
                start,
                end,
                document["place"],
                revision=revision,
            ),
            Appointment(
                f"meeting-{meeting.pk}-reports@bihuan",
                _("述职报告截止：%(meeting)s") % {"meeting": title},
                due,
                due,
                revision=revision,
            ),
        ],
        at=clock.now(),
    )


# The agenda -------------------------------------------------------------------------------------


def agenda_paper(meeting: Meeting) -> Document:
    """议程：一述一评，各有起始时刻。"""
    with translation.override(SOURCE_LANGUAGE):
        document = queries.document(meeting)
        minutes = (int(document["report_minutes"]), int(document["comment_minutes"]))
        items: list[meetings.AgendaItem] = []
        start, _end = queries.hours(document)

        def add(item: str, speaker: str, lasts: int) -> None:
            nonlocal start
            items.append(meetings.AgendaItem(f"{start:%H:%M}", item, speaker, lasts))
            start += timedelta(minutes=lasts)

        add("通报上年整改情况", "", 5)
        onsite = [unit for unit in document["units"] if unit["mode"] == "onsite"]
        for unit in onsite:
            add("述职", unit["name"], minutes[0])
            add("点评", "", minutes[1])
        if len(onsite) < len(document["units"]):
            add("书面述职单位点评", "", minutes[1])
        add("现场测评", "全体投票人", 15)
        add("讲话", "主持人", 20)
        written = "、".join(u["name"] for u in document["units"] if u["mode"] == "written")
        return meetings.agenda(
            meetings.Agenda(
                meeting=document["title"],
                date_text=words.held(document),
                place=document["place"],
                host=str(meeting.chair) if meeting.chair else "",
                items=tuple(items),
                notes=(f"书面述职：{written}。",) if written else (),
                mark=_mark(meeting),
            )
        )


# The result sheet -------------------------------------------------------------------------------


def result_paper(meeting: Meeting) -> Document:
    """测评结果表：各项分表，票数核对，链头；没有做的步骤和原因一起印。"""
    poll = meeting.poll
    if poll is None or poll.open is None:
        raise Refused(_("还没有计票，没有结果可以打印。"))
    with translation.override(SOURCE_LANGUAGE):
        document = queries.document(meeting)
        final = poll.open["final"]
        return sheets.result_sheet(
            sheets.ResultSheet(
                meeting=document["title"],
                date_text=words.held(document),
                place=document["place"],
                organiser=_organiser(),
                items=tuple(_item(meeting, document, item) for item in document["items"]),
                reckoning=_reckoning(meeting, document),
                statement="各类票数核对相符，差额为零。",
                method=_method(meeting, document),
                composite=_composite(meeting, document),
                head=sheets.SignedHead(
                    root=final["root"],
                    size=final["size"],
                    signature=final["signature"],
                    key=poll.keys["log"],
                    qr=f"{poll.box_id} {final['size']} {final['root']}",
                ),
                audit_root=_root(),
                mark=_mark(meeting),
            )
        )


def _item(
    meeting: Meeting, document: Mapping[str, Any], item: Mapping[str, Any]
) -> sheets.ItemTable:
    grades = queries.tables_words(document, "grades")
    others = result_pages.OTHERS
    units = {unit["code"]: unit["name"] for unit in document["units"]}
    places = int(document["decimals"])
    rows = []
    for one in results.rows(meeting):
        if one.item != item["code"]:
            continue
        hidden = not one.counts
        rows.append(
            sheets.UnitRow(
                unit=units.get(one.unit, one.unit),
                counts=tuple("*" if hidden else one.counts.get(code, 0) for code in grades),
                others=tuple("*" if hidden else one.counts.get(code, 0) for code in others),
                points=results.score_told(one, places),
                band=grades.get(one.band, ""),
                note=result_pages.REASONS.get(one.reason, ""),
            )
        )
    return sheets.ItemTable(
        name=item["name"],
        grades=tuple(grades.values()),
        rows=rows,
        other_heads=tuple(others.values()),
        note="* 按披露规则不显示。" if any("*" in row.counts for row in rows) else "",
    )


def _reckoning(meeting: Meeting, document: Mapping[str, Any]) -> list[sheets.Reckoning]:
    names = queries.tables_words(document, "categories")
    lines = []
    totals = dict.fromkeys(("due", "present", "issued", "cast", "void", "unused"), 0)
    for code, flow in results.flows(meeting).items():
        numbers = {key: int(result_pages.flow_told(flow, key) or 0) for key in totals}
        for key, number in numbers.items():
            totals[key] += number
        abstained = flow["abstained"]
        lines.append(_line(names.get(code, code), numbers, "*" if abstained is None else abstained))
    return [*lines, _line("合计", totals, "", total=True)]


def _line(
    name: str, numbers: Mapping[str, int], abstained: Any, *, total: bool = False
) -> sheets.Reckoning:
    return sheets.Reckoning(
        category=name,
        due=numbers["due"],
        present=numbers["present"],
        issued=numbers["issued"],
        returned=numbers["cast"],
        abstained=abstained,
        void=numbers["void"],
        unused=numbers["unused"],
        total=total,
    )


def _method(meeting: Meeting, document: Mapping[str, Any]) -> tuple[str, ...]:
    points = "，".join(f"{row['name']} {row['points']} 分" for row in document["grades"])
    weights = "，".join(f"{row['name']} {row['weight']}" for row in document["categories"])
    lines = [
        f"等次折分：{points}。计分方法：{rules.METHODS[document['method']]}。类别权重：{weights}。",
        f"本单位：{rules.OWN[document['own']]}。空白：{rules.BLANKS[document['blanks']]}。"
        f"名次相同时：{rules.TIES[document['ties']]}。",
        f"一个类别的有效票少于 {document['min_cell']} 张或意见一致的，按披露规则只给约数或不给。",
    ]
    if document["cap_grade"]:
        grade = queries.tables_words(document, "grades")[document["cap_grade"]]
        lines.append(
            f"“{grade}”按{rules.PER[document['cap_per']]}不超过 {document['cap_most']} 个。"
        )
    lines.append(f"票箱密钥：{_keepers(document)}。签发手机票：{int(document['signers'])} 方签名。")
    plan = queries.in_force(meeting)
    if plan is not None:
        lines.append(f"方案第 {plan.version} 版，摘要 {plan.digest}。")
    lines += [f"“{rules.STEPS[row.step]}”没有做：{row.reason}" for row in meeting.waivers.all()]
    lines += [
        f"{one.unit.name}未述职：{one.skipped}" for one in queries.reporters(meeting) if one.skipped
    ]
    return tuple(lines)


def _keepers(document: Mapping[str, Any]) -> str:
    """Who could open the box: it says how far the secrecy reaches."""
    told = rules.SEALS[document["seal"]]
    if document["seal"] == "house":
        return told
    return f"{told}，{document['share_of']} 份中 {document['share_need']} 份到场才能开箱"


def _composite(meeting: Meeting, document: Mapping[str, Any]) -> sheets.ItemTable | None:
    """The decided grades, once every one is decided; parts in place of counts."""
    decided = queries.decisions(meeting)
    if not rules.reached(meeting.state, "decided"):
        return None
    parts = queries.tables_words(document, "parts")
    grades = queries.tables_words(document, "grades")
    entered = queries.parts_entered(meeting)
    joined = results.composites(meeting)
    places = int(document["decimals"])
    ballot = {row.unit: row for row in results.rows(meeting) if row.item == results.JOINED}
    rows = []
    for one in queries.reporters(meeting):
        decision = decided.get(one.pk)
        if decision is None or one.pk not in joined:
            continue
        values = queries.part_values(one, entered)
        told_ballot = ballot.get(one.unit.code)
        cells = tuple(
            (results.score_told(told_ballot, places) if told_ballot else "")
            if code == results.BALLOT
            else rules.points(values.get(code), places)
            for code in parts
        )
        rows.append(
            sheets.UnitRow(
                unit=one.unit.name,
                counts=cells,
                points=results.between(joined[one.pk].low, joined[one.pk].high, places),
                band=grades[decision.grade],
                note=decision.reason,
            )
        )
    return sheets.ItemTable(
        name="综合评价等次（由领导班子确定）",
        grades=tuple(parts.values()),
        rows=rows,
        other_heads=(),
        count_head="各部分得分",
    )


# The letter -------------------------------------------------------------------------------------


def _opening(content: Mapping[str, Any]) -> str:
    """Empty for the usual opening of the paper."""
    if not content["skipped"]:
        return ""
    return (
        f"{words.day(content['held_on'])}召开的{content['meeting']}上，你单位未作述职"
        f"（{content['skipped']}）。现将有关情况反馈如下。"
    )


def letter_paper(found: Letter) -> Document:
    """测评反馈函。"""
    with translation.override(SOURCE_LANGUAGE):
        content = found.content
        return letters.feedback_letter(
            letters.FeedbackLetter(
                number=content["number"],
                to=content["to"],
                meeting=content["meeting"],
                date_text=words.day(content["held_on"]),
                items=tuple(
                    letters.ItemFeedback(item=row["item"], points=row["points"], band=row["band"])
                    for row in content["items"]
                ),
                comments=tuple(content["comments"]),
                problems=tuple(content["problems"]),
                request=request_told(content),
                opening=_opening(content),
                issuer=_organiser(),
                issued_on=words.day(content["issued_on"]),
                composite=content["composite"],
                audit_root=_root(),
                mark=_mark(found.reporter.meeting),
            )
        )
