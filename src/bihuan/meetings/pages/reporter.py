"""One reporting unit in one round: its reports, last year, the comment, the letter."""

from django.forms import Form
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.files import pages as files
from bihuan.ledger.pages import listing as ledger_pages
from bihuan.meetings import queries, rules
from bihuan.meetings.forms import CommentForm, ReportForm
from bihuan.meetings.models import Report, Reporter
from bihuan.meetings.pages import words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def detail(reporter: Reporter, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """述职单位：报告和回执，上年整改，点评，反馈函。"""
    given, meeting = forms or {}, reporter.meeting
    panels: list[Panel] = [
        _about(reporter),
        _reports(reporter),
        _review(reporter, by),
        last_year(reporter, by),
    ]
    if reporter.comment:
        panels.append(Prose(_("点评（%(by)s）") % {"by": reporter.comment_by}, reporter.comment))
    if queries.may_read_letter(by, reporter):
        panels.append(audit.timeline(reporter, *reporter.reports.all()))
    links = [words.back(meeting)]
    letter = getattr(reporter, "letter", None)
    if letter is not None and queries.may_read_letter(by, reporter):
        links.insert(0, Link(_("反馈函"), letter.get_absolute_url(), primary=True))
    return DetailPage(
        reporter.unit.label(),
        panels,
        _acts(reporter, by, given),
        (words.mode_tag(reporter.mode), *words.tags(meeting)),
        kicker=meeting.label(),
        links=tuple(links),
    )


def _about(reporter: Reporter) -> Facts:
    document = queries.document(reporter.meeting)
    items: list[tuple[str, Cell]] = [
        (_("次序"), Cell(str(reporter.number))),
        (_("述职方式"), Cell(_(rules.MODES[reporter.mode]))),
        (_("报告截止"), Cell(words.day(document["reports_due"]))),
    ]
    if reporter.began:
        items.append((_("述职开始"), Cell(reporter.began, "moment")))
    if reporter.ended:
        items.append((_("述职结束"), Cell(reporter.ended, "moment")))
    if reporter.skipped:
        items.append((_("未述职的原因"), Cell(reporter.skipped, tone="warn")))
    return Facts(_("概况"), tuple(items))


def _reports(reporter: Reporter) -> Tables:
    heads = columns(
        Column(_("回执号"), number=True),
        Column(_("文件"), wide=True),
        _("收到"),
        _("按时"),
        _("提交人"),
    )
    found = reporter.reports.select_related("version", "by__person", "by__unit")
    rows = tuple(_report_line(reporter, report) for report in found.order_by("-number"))
    return Tables(
        _("述职报告"),
        Table(heads, rows, empty=_("还没有提交。")),
        _("再交一次就是新的一份，旧的留着；以最后一份为准。"),
    )


def _report_line(reporter: Reporter, report: Report) -> Row:
    return row(
        Cell(receipt_number(report), "code", href=report.get_absolute_url()),
        Cell(
            report.version.name,
            href=words.reporter_address(reporter, "report-file", report.number),
            note=files.size(report.version.size),
        ),
        Cell(report.created_at, "moment"),
        Tag(_("迟交"), "warn") if report.late else Tag(_("按时"), "good"),
        report.by.label() if report.by else _("系统"),
    )


def receipt_number(report: Report) -> str:
    """The number that stands on a receipt: year, reporter, which hand-in."""
    reporter = report.reporter
    return f"{reporter.meeting.year}-{reporter.number:02d}-{report.number}"


def _review(reporter: Reporter, by: Post) -> Facts:
    """年度回顾：what stands open and what was closed, and last year's grade."""
    found = queries.review(reporter, by)
    items: list[tuple[str, Cell]] = [
        (_("台账中未办结的问题"), Cell(found.open, "number")),
        (_("已销号的问题"), Cell(found.closed, "number")),
    ]
    if found.grade is not None:
        before = found.grade.reporter.meeting
        told = words.grade(queries.document(before), found.grade.grade)
        items.append((_("上一轮综合评价等次"), Cell(told, note=words.year(before))))
    return Facts(_("年度回顾"), tuple(items))


def last_year(reporter: Reporter, by: Post) -> Tables:
    """上年整改：last year's findings of this unit, closed and open."""
    found = queries.last_year(reporter, by)
    closed = sum(finding.state == "closed" for finding in found)
    told = _("上一轮提出 %(n)d 个问题，已销号 %(closed)d 个。") % {
        "n": len(found),
        "closed": closed,
    }
    return Tables(
        _("上年整改情况"),
        ledger_pages.table(found, empty=_("上一轮没有给这个单位提出问题，或没有上一轮。")),
        told if found else "",
    )


def _acts(reporter: Reporter, by: Post, given: dict[str, Form]) -> list[Panel]:
    meeting = reporter.meeting
    acts: list[Panel] = []
    if queries.may_report(by, reporter.unit) and meeting.state in ("preparing", "sitting"):
        acts.append(
            FormPanel(
                _("提交述职报告"),
                given.get("report") or ReportForm(),
                words.reporter_address(reporter, "hand-in"),
                _("提交，取回执"),
                _("文件按内容存证。回执上有摘要和时间，请留存。"),
            )
        )
    late = ("sitting", "counted", "decided")
    if words.may(by, "meetings.run") and meeting.state in late and not reporter.skipped:
        acts.append(
            FormPanel(
                _("记录点评"),
                given.get("comment") or CommentForm(reporter),
                words.reporter_address(reporter, "comment"),
                _("保存点评"),
                folded=bool(reporter.comment),
            )
        )
    return acts


def receipt(report: Report, by: Post) -> DetailPage:
    """回执：收到了什么、何时、摘要；可打印。"""
    reporter, version = report.reporter, report.version
    items: tuple[tuple[str, Cell], ...] = (
        (_("回执号"), Cell(receipt_number(report), "code")),
        (_("单位"), Cell(reporter.unit.label())),
        (_("会议"), Cell(reporter.meeting.label())),
        (_("文件"), Cell(version.name, note=files.size(version.size))),
        (_("收到"), Cell(report.created_at, "moment")),
        (
            _("按时"),
            Cell(Tag(_("迟交"), "warn") if report.late else Tag(_("按时"), "good"), "tag"),
        ),
        (_("提交人"), Cell(report.by.label() if report.by else _("系统"))),
        (_("说明"), Cell(report.note)),
        (_("摘要（SHA-256）"), Cell(version.digest, "code")),
    )
    return DetailPage(
        _("述职报告回执"),
        [Facts(_("已收到"), items)],
        kicker=reporter.meeting.label(),
        intro=_("同一份文件算出的摘要必与此相同；日后可据此证明交的是哪一份。"),
        links=(Link(_("回到单位页"), reporter.get_absolute_url()),),
    )
