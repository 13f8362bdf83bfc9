"""`bihuan ledger`: workbooks in and out, reminders, samples that anybody can redraw."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.cli import ready as setting_up
from bihuan.cli.acting import acting, everywhere
from bihuan.exchange.workbook import Doubt, LedgerRead, plain
from bihuan.ledger import queries, services
from bihuan.ledger.pages import intake as pages
from bihuan.ledger.queries import comparing, workbook
from bihuan.ledger.queries import intake as asked

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(short_help=_("导入、导出台账"), help=_("整改台账：工作簿进出，催办，抽样核对。"))
@everywhere
def ledger() -> None: ...


@ledger.command(
    "import",
    short_help=_("导入一份台账工作簿"),
    help=_(
        "读一份台账工作簿（xlsx、xls、et、ods、csv），说出读懂的和全部疑问，再导入；"
        "同一份文件再导入只更新。\n\n"
        "--dry-run 只读不写；--json 把读懂的每一行、原文和疑问写成 JSON；"
        "--unit 指明没有认出的单位，可多次。\n\n"
        "例：bihuan ledger import 台账.xlsx --dry-run --unit 经济局=economy"
    ),
)
@everywhere
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help=_("只读不写。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出读懂的内容和疑问。"))
@click.option("--year", type=click.IntRange(2000, 2100), help=_("填报年度。"))
@click.option(
    "--unit", "units", multiple=True, metavar="NAME=CODE", help=_("写的名称是哪个单位（代码）。")
)
@click.option("--as", "username", default="clerk", show_default=True, help=_("以哪个账号导入。"))
def import_workbook(
    file: Path,
    dry_run: bool,
    as_json: bool,
    year: int | None,
    units: tuple[str, ...],
    username: str,
) -> None:
    setting_up.ready()
    by = acting(username)
    answers = _answers(units)
    content = file.read_bytes()
    if dry_run:
        read = asked.reading_of(
            content, name=file.name, year=year, today=clock.today(), answers=answers
        )
        _tell(read, as_json=as_json)
        return
    with transaction.atomic():
        upload = SimpleUploadedFile(file.name, content)
        intake = services.receive_workbook(by=by, upload=upload, year=year)
        if answers:
            intake = services.answer_intake(intake, by=by, units=answers, year=year)
        _tell(asked.reading(intake), as_json=as_json)
        services.confirm_intake(intake, by=by)
    intake.refresh_from_db()
    click.echo(pages.outcome(intake), err=as_json)


def _tell(read: LedgerRead, *, as_json: bool) -> None:
    """Everything that was understood; a file without a problem in it is refused."""
    lines = comparing.lines(read)
    if as_json:
        click.echo(json.dumps(_told(read, lines), ensure_ascii=False, indent=1))
    elif read.rows:
        _print(read, lines)
    if not read.rows:
        raise Refused(_nothing_read(read))


def _answers(units: tuple[str, ...]) -> dict[str, str]:
    """写的名称 → 单位代码；写不对的，一次说全。"""
    found: dict[str, str] = {}
    for pair in units:
        name, sign, code = pair.rpartition("=")
        if not sign or not name:
            raise Refused(_("--unit 应写成“名称=代码”，现为“%(found)s”。") % {"found": pair})
        found[name] = str(_unit(code).code)
    return found


def _nothing_read(read: LedgerRead) -> str:
    """Why there is nothing to import: the grave doubt about the file, in one sentence."""
    grave = [doubt for doubt in read.file_doubts if doubt.grave]
    if grave:
        return pages.sentence(grave[0])
    return _("这份工作簿里没有读出问题，没有导入。请核对文件。")


def _told(read: LedgerRead, lines: Sequence[comparing.Line]) -> dict[str, Any]:
    """The reading as JSON: each row with fields, original cells, doubts; then those of the file."""
    told = plain(read)
    for row, line in zip(told["rows"], lines, strict=True):
        row["would"] = line.kind
        row["told"] = list(line.told)
        row["doubts"] = [_doubt(doubt) for doubt in line.row.doubts]
    told["doubts"] = [_doubt(doubt) for doubt in read.file_doubts]
    return told


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "code": doubt.code,
        "at": doubt.at,
        "sheet": doubt.sheet,
        "cell": doubt.cell,
        "row": doubt.row,
        "grave": doubt.grave,
        "sentence": pages.sentence(doubt),
    }


def _print(read: LedgerRead, lines: Sequence[comparing.Line]) -> None:
    told = [f"! {pages.sentence(doubt)}" for doubt in read.file_doubts]
    for line in lines:
        told += [f"? {pages.sentence(doubt)}" for doubt in line.row.doubts]
        told += [f"? {line.row.sheet}!{line.row.row} {sentence}" for sentence in line.told]
    for stranger in asked.unmatched(read, {}):
        close = _("、").join(stranger.close)
        hint = _("（相近：%(close)s）") % {"close": close} if close else ""
        told.append(_("? 没有认出单位“%(name)s”%(hint)s") % {"name": stranger.name, "hint": hint})
    kinds = [line.kind for line in lines]
    told.append(
        _(
            "读出 %(n)d 个问题，%(m)d 条措施：新 %(new)d，更新 %(update)d，不变 %(same)d；"
            "疑问 %(d)d 条。"
        )
        % {
            "n": len(lines),
            "m": sum(len(line.row.measures) for line in lines),
            "d": len(read.doubts),
            **{kind: kinds.count(kind) for kind in ("new", "update", "same")},
        }
    )
    click.echo("\n".join(told))


@ledger.command(
    "export",
    short_help=_("导出台账工作簿"),
    help=_(
        "把台账写成工作簿，23 栏，按手册的次序。--into 写入本单位自己的台账，格式不动。\n\n"
        "例：bihuan ledger export --out 台账.xlsx --state open"
    ),
)
@everywhere
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--into", "template", type=_FILE, help=_("本单位自己的台账。"))
@click.option("--state", default="", help=_("状态；open 表示未销号。"))
@click.option("--unit", "code", default="", help=_("单位代码。"))
@click.option("--late", is_flag=True, help=_("只要逾期的。"))
@click.option("--as", "username", default="clerk", show_default=True, help=_("以哪个账号导出。"))
def export_workbook(
    out: Path, template: Path | None, state: str, code: str, late: bool, username: str
) -> None:
    setting_up.ready()
    unit = _unit(code) if code else None
    visible = queries.visible_to(acting(username))
    found = queries.search(visible, state=state, unit=unit, late=late).order_by("pk")
    made = workbook.into(template.read_bytes(), found) if template else workbook.fresh(found)
    out.write_bytes(made.content)
    for sentence in made.told:
        click.echo(f"! {sentence}", err=True)
    click.echo(_("写出 %(n)d 个问题：%(file)s") % {"n": found.count(), "file": out})


def _unit(code: str) -> Any:
    found = queries.units_to_choose().filter(code=code).first()
    if found is None:
        raise Refused(_("没有代码为“%(code)s”的单位。请核对。") % {"code": code})
    return found


@ledger.command(
    "remind",
    short_help=_("按催办阶梯发今天的提醒和督办单"),
    help=_(
        "按催办阶梯发今天的提醒和督办单；同一时限同一级只发一次，须批准的只列出，不发。"
        "设了邮件的，每个邮箱合并为一封。可由系统每天定时运行。\n\n"
        "--dry-run 只看不发。有邮件没有发成的，退出状态不为零，下次运行再发。"
    ),
)
@everywhere
@click.option("--dry-run", is_flag=True, help=_("只看不发。"))
def remind(dry_run: bool) -> int:
    from bihuan.ledger import tasks

    setting_up.ready()
    report = tasks.daily(dry_run=dry_run)
    for one in report.reminders:
        click.echo(f"{queries.label(one.rung)}  {one.finding}")
    for one in report.waiting:
        click.echo(_("待批准：%(what)s") % {"what": f"{queries.label(one.rung)}  {one.finding}"})
    n = len(report.reminders)
    if dry_run:
        click.echo(ngettext("今天要发 %(n)d 件。", "今天要发 %(n)d 件。", n) % {"n": n})
        return 0
    click.echo(ngettext("今天发出 %(n)d 件。", "今天发出 %(n)d 件。", n) % {"n": n})
    for address in report.mailed:
        click.echo(_("已发邮件：%(address)s") % {"address": address})
    for name in report.without_address:
        click.echo(_("没有登记邮箱：%(name)s") % {"name": name})
    for address in report.failed:
        click.echo(_("邮件没有发成，下次再发：%(address)s") % {"address": address}, err=True)
    return 1 if report.failed else 0


@ledger.command(
    "redraw",
    short_help=_("重抽回头看样本，核对"),
    help=_(
        "把公布的抽样数据（sample.json）重抽一遍，与公布的结果核对；不需要数据库，任何人都可以做。"
        "不一致则说明哪里对不上，退出状态不为零。\n\n"
        "例：bihuan ledger redraw sample.json"
    ),
)
@everywhere
@click.argument("file", type=_FILE)
def redraw(file: Path) -> int:
    from bihuan.ledger.rules import honest

    try:
        published = json.loads(file.read_bytes())
    except ValueError:
        raise Refused(_("“%(file)s”不是完整的 JSON 文件。请重新下载。") % {"file": file}) from None
    found = honest.redraw(published)
    click.echo("\n".join(found.drawn))
    for fault in found.faults:
        click.echo(_(fault), err=True)
    if not found.faults:
        n = len(found.drawn)
        same = ngettext("重抽 %(n)d 个，与公布的一致。", "重抽 %(n)d 个，与公布的一致。", n)
        click.echo(same % {"n": n}, err=True)
    return 1 if found.faults else 0
