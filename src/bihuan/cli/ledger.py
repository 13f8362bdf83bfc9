"""`bihuan ledger`: workbooks in and out, reminders, samples that anybody can redraw."""

import json
from pathlib import Path
from typing import Any

import click
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.cli import ready as setting_up
from bihuan.cli.acting import acting, everywhere
from bihuan.exchange.doubt import Doubt
from bihuan.exchange.rows import LedgerRead, plain
from bihuan.ledger import queries, services
from bihuan.ledger.models import Intake
from bihuan.ledger.pages import intake as pages
from bihuan.ledger.queries import intake as asked
from bihuan.ledger.queries import workbook

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(short_help=_("导入、导出台账"), help=_("整改台账：工作簿进出，催办，抽样核对。"))
@everywhere
def ledger() -> None: ...


@ledger.command(
    "import",
    short_help=_("导入一份台账工作簿"),
    help=_(
        "读一份台账工作簿（xlsx、xls、csv），说出读懂的和全部疑问，再导入；同一份文件再导入只更新。\n\n"
        "--dry-run 只读不写；--json 把读懂的每一行、原文和疑问写成 JSON。\n\n"
        "例：bihuan ledger import 台账.xlsx --dry-run"
    ),
)
@everywhere
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help=_("只读不写。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出读懂的内容和疑问。"))
@click.option("--year", type=click.IntRange(2000, 2100), help=_("填报年度。"))
@click.option("--as", "username", default="clerk", show_default=True, help=_("以哪个账号导入。"))
def import_workbook(
    file: Path, dry_run: bool, as_json: bool, year: int | None, username: str
) -> None:
    setting_up.ready()
    by = acting(username)
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    with transaction.atomic():
        intake = services.receive_workbook(by=by, upload=upload, year=year)
        read = asked.reading(intake)
        lines = asked.lines(read)
        if as_json:
            click.echo(json.dumps(_told(read, lines), ensure_ascii=False, indent=1))
        else:
            _print(read, lines)
        if dry_run:
            transaction.set_rollback(True)
        elif read.rows:
            _confirm(intake, by, quiet=as_json)
        else:
            transaction.set_rollback(True)
            raise Refused(_("这份工作簿里没有读出问题，没有导入。请核对文件。"))


def _confirm(intake: Intake, by: Any, *, quiet: bool) -> None:
    made = services.confirm_intake(intake, by=by)
    click.echo(pages.outcome(made), err=quiet)


def _told(read: LedgerRead, lines: list[asked.Line]) -> dict[str, Any]:
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
        "sheet": doubt.sheet,
        "cell": doubt.cell,
        "row": doubt.row,
        "grave": doubt.grave,
        "sentence": pages.sentence(doubt),
    }


def _print(read: LedgerRead, lines: list[asked.Line]) -> None:
    for doubt in read.file_doubts:
        click.echo(f"! {doubt.sheet} {doubt.cell} {pages.sentence(doubt)}")
    for line in lines:
        for doubt in line.row.doubts:
            click.echo(f"? {doubt.sheet} {doubt.cell} {pages.sentence(doubt)}")
        for sentence in line.told:
            click.echo(f"? {line.row.sheet} {line.row.row} {sentence}")
    for name, codes in asked.unmatched(read, {}).items():
        close = "、".join(codes)
        hint = _("（相近：%(close)s）") % {"close": close} if close else ""
        click.echo(_("? 没有认出单位“%(name)s”%(hint)s") % {"name": name, "hint": hint})
    kinds = [line.kind for line in lines]
    click.echo(
        _(
            "读出 %(n)d 个问题，%(m)d 条措施：新 %(new)d，更新 %(update)d，不变 %(same)d；疑问 %(d)d 条。"
        )
        % {
            "n": len(lines),
            "m": sum(len(line.row.measures) for line in lines),
            "d": len(read.doubts),
            **{kind: kinds.count(kind) for kind in ("new", "update", "same")},
        }
    )


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
    content = workbook.into(template.read_bytes(), found) if template else workbook.fresh(found)
    out.write_bytes(content)
    click.echo(_("写出 %(n)d 个问题：%(file)s") % {"n": found.count(), "file": out})


def _unit(code: str) -> Any:
    found = queries.units_to_choose().filter(code=code).first()
    if found is None:
        raise Refused(_("没有代码为“%(code)s”的单位。请核对。") % {"code": code})
    return found


@ledger.command(
    "remind",
    short_help=_("按催办阶梯发今天的提醒和督办单"),
    help=_("按催办阶梯发今天的提醒和督办单；同一时限同一级只发一次。可由系统每天定时运行。"),
)
@everywhere
def remind() -> None:
    from bihuan.ledger import tasks

    setting_up.ready()
    sent = tasks.daily(clock.today())
    for notice in sent:
        click.echo(f"{notice.number or '—'}  {notice.name}  {notice.finding}")
    click.echo(_("今天发出 %(n)d 件。") % {"n": len(sent)})


@ledger.command(
    "redraw",
    short_help=_("重抽回头看样本，核对"),
    help=_("用公布的种子和总体把样本重抽一遍，与当时抽中的核对；不一致则退出状态不为零。"),
)
@everywhere
@click.argument("number", type=int)
def redraw(number: int) -> int:
    setting_up.ready()
    sample = queries.samples().filter(pk=number).first()
    if sample is None:
        raise Refused(_("没有第 %(n)d 号样本。") % {"n": number})
    drawn = queries.redrawn(sample)
    click.echo("\n".join(drawn))
    same = drawn == sample.drawn
    click.echo(_("与当时抽中的一致。") if same else _("与当时抽中的不一致。"), err=not same)
    return 0 if same else 1
