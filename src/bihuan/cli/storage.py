"""`bihuan files` and `bihuan jobs`: what lies in the data folder, what is being computed."""

import json
import sys

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base.errors import Refused
from bihuan.cli import ready as setting_up
from bihuan.cli.acting import acting, everywhere
from bihuan.files import pages as files_pages
from bihuan.files import queries as files_queries
from bihuan.jobs import pages, queries, services
from bihuan.jobs.models import Job
from bihuan.ui.templatetags.ui import moment


@click.group(short_help=_("核对存放的文件"), help=_("上传的文件：按内容存放，只增不改。"))
@everywhere
def files() -> None: ...


@files.command(
    "verify",
    short_help=_("核对存放的文件"),
    help=_(
        "逐份重算摘要，与存入时的比对；指出每一份受损的、不在的。有受损的则退出状态不为零。\n\n"
        "例：bihuan files verify --data ~/bihuan"
    ),
)
@everywhere
def verify() -> int:
    setting_up.ready()
    checked = 0

    def progress(done: int, total: int) -> None:
        nonlocal checked
        checked = done
        if sys.stderr.isatty():
            click.echo(f"\r{done} / {total} ", nl=done == total, err=True)

    damaged = 0
    for found in files_queries.damaged(progress):
        damaged += 1
        click.echo(f"{files_pages.damage(found)} {found.version.digest}")
    if strays := sum(1 for _stray in files_queries.strays()):
        click.echo(
            ngettext(
                "另有 %(n)d 份内容不属于任何版本，是没有存成的上传留下的，不影响使用。",
                "另有 %(n)d 份内容不属于任何版本，是没有存成的上传留下的，不影响使用。",
                strays,
            )
            % {"n": strays}
        )
    if damaged:
        told = _("核对了 %(n)d 个版本，%(damaged)d 个受损。请从备份取回这些文件，再核对一次。")
        click.echo(told % {"n": checked, "damaged": damaged}, err=True)
        return 1
    click.echo(_("核对了 %(n)d 个版本，全部完好。") % {"n": checked})
    return 0


@click.group(short_help=_("查看、停止作业"), help=_("作业：在后台进行的长计算。"))
@everywhere
def jobs() -> None: ...


@jobs.command(
    "list",
    short_help=_("列出作业，新的在前"),
    help=_("列出作业，新的在前：编号、状态、进度、名称、发起人、发起时间。"),
)
@everywhere
@click.option("--unfinished", is_flag=True, help=_("只要没有结束的。"))
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), help=_("最多列出几个。")
)
def list_jobs(unfinished: bool, limit: int) -> None:
    setting_up.ready()
    found = queries.newest(unfinished=unfinished)[:limit]
    for job in found:
        words = (pages.state_tag(job).label, pages.progress(job), pages.title(job), pages.who(job))
        said = "  ".join(word for word in words if word)
        click.echo(f"{job.pk:>6}  {said}  {moment(job.created_at)}")
    if not found:
        click.echo(_("没有作业。"))


@jobs.command(
    "show",
    short_help=_("显示一个作业"),
    help=_("显示一个作业：状态、进度、种子、输入和摘要、结果或未完成的原因。"),
)
@everywhere
@click.argument("number", type=click.IntRange(1))
def show(number: int) -> None:
    setting_up.ready()
    job = _job(number)
    click.echo(f"{job.pk}  {pages.title(job)}  {pages.state_tag(job).label}")
    for name, cell in pages.told(job):
        value = moment(cell.value) if cell.kind == "moment" else cell.value
        if cell.value:
            click.echo(f"  {name}: {value} {cell.note}".rstrip())
    click.echo(f"  {_('输入')}: {json.dumps(job.inputs, ensure_ascii=False)}")
    if job.state == "done":
        click.echo(f"  {_('结果')}: {json.dumps(job.result, ensure_ascii=False)}")
    if job.fault:
        click.echo(f"  {_('未完成的原因')}: {_(job.fault)}")


@jobs.command(
    "cancel",
    short_help=_("停止一个作业"),
    help=_(
        "停止一个作业：还在等待的当即停止；正在计算的，到下一次报告进度时停止。\n\n"
        "不带 --as 时记为系统所为。"
    ),
)
@everywhere
@click.argument("number", type=click.IntRange(1))
@click.option("--as", "username", default="", help=_("以哪个账号停止。"))
def cancel(number: int, username: str) -> None:
    setting_up.ready()
    job = services.stop(_job(number), by=acting(username) if username else None)
    if job.state == "cancelled":
        click.echo(_("已停止。"))
    else:
        click.echo(_("已要求停止；正在计算的，到下一次报告进度时停止。"))


def _job(number: int) -> Job:
    found = queries.newest().filter(pk=number).first()
    if found is None:
        raise Refused(_("没有第 %(n)d 号作业。请用 bihuan jobs list 查看编号。") % {"n": number})
    return found
