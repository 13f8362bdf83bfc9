"""`bihuan press`: official papers as files, a text checked against what is stored."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.cli import ready as setting_up
from bihuan.cli.acting import acting, everywhere
from bihuan.press import queries, rules, services
from bihuan.ui.printing import printed, worded


@click.group(
    short_help=_("公文成文件，核对文字里的数"), help=_("公文和发布：公文成文件，核对文字。")
)
@everywhere
def press() -> None: ...


@press.command(
    "document",
    short_help=_("把一条记录印成公文"),
    help=_(
        "按文种的模板，把一条记录印成公文：.pdf 或 .docx。KIND 是文种代码，ID 是记录的编号；"
        "自拟的文种，ID 写事由；KIND 写 paper，ID 写公文的编号，印存着的那份。\n\n"
        "文种：%(kinds)s\n\n例：bihuan press document assign 2026-001 --out 交办单.docx"
    )
    % {"kinds": "、".join(rules.KINDS)},
)
@everywhere
@click.argument("kind")
@click.argument("key", metavar="ID")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=_("写到哪里；以 .pdf 或 .docx 结尾。"),
)
@click.option("--as", "username", default="clerk", show_default=True, help=_("以哪个账号。"))
def document(kind: str, key: str, out: Path, username: str) -> None:
    makers = {".pdf": printed, ".docx": worded}
    if out.suffix.lower() not in makers:
        raise Refused(_("文件名请以 .pdf 或 .docx 结尾。"))
    setting_up.ready()
    by = acting(username)
    if kind == "paper":
        found = queries.papers_for(by).filter(pk=int(key) if key.isdecimal() else 0).first()
        if found is None:
            raise Refused(_("没有这份公文，或这个账号看不到它。"))
        made = services.document(found)
    else:
        known = rules.KINDS.get(kind)
        free = known is not None and not known.source
        made = services.preview(
            kind, by=by, source_id="" if free else key, subject=key if free else ""
        )
    out.write_bytes(makers[out.suffix.lower()](made))
    click.echo(_("已写到 %(file)s：%(title)s") % {"file": out, "title": made.name})


@press.command(
    "draft",
    short_help=_("由一件事起草发布稿"),
    help=_(
        "由一件事（情况报告、会议、项目、考核……）拟出发布稿，打印出来，什么都不存。"
        "不写 KIND，列出能写的各件事；只写 KIND，列出这一类的。\n\n"
        "例：bihuan press draft snow.situationreport 1 > 稿件.md"
    ),
)
@everywhere
@click.argument("kind", required=False)
@click.argument("key", metavar="[ID]", required=False)
@click.option("--as", "username", default="clerk", show_default=True, help=_("以哪个账号。"))
def draft(kind: str | None, key: str | None, username: str) -> None:
    setting_up.ready()
    by = acting(username)
    if kind and key:
        told = services.preview_from(kind, key, by=by)
        parts = (f"# {told.headline}", told.subheadline, told.body)
        click.echo("\n\n".join(part for part in parts if part))
        return
    for code, (label, found) in queries.offers(by).items():
        if kind in (None, code):
            click.echo(f"{code}  {_(label)}")
            for one in found:
                click.echo(f"  {one.key:>6}  {one.on}  {one.name}")


@press.command(
    "check",
    short_help=_("核对一篇文字里的数"),
    help=_(
        "把文字里的每个数与公开的存数比对：不符的、漏了口径的、彼此矛盾的、没有存数的，逐一列出。"
        "有不符或漏口径的，退出码是 1。\n\n例：bihuan press check 稿件.md"
    ),
)
@everywhere
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def check(file: Path, as_json: bool) -> None:
    setting_up.ready()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("这个文件不是 UTF-8 文字。请另存为 UTF-8 再核对。")) from error
    found = queries.checked(text)
    told = [
        {"severity": one.severity, "code": one.code, "at": one.at,
         "sentence": _(one.sentence) % one.params}
        for one in found.found
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"figures": len(found.pointed), "found": told}, ensure_ascii=False))
    else:
        names = {"wrong": _("不符"), "lacking": _("缺口径"), "conflict": _("存数矛盾"),
                 "unknown": _("没有存数")}  # fmt: skip
        for one in told:
            click.echo(f"{names[str(one['severity'])]}  {one['sentence']}")
        click.echo(
            _("指向存数的 %(n)d 个，列出 %(m)d 处。") % {"n": len(found.pointed), "m": len(told)}
        )
    if not found.clean:
        raise SystemExit(1)
