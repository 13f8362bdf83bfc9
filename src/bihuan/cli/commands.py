"""The tree of commands, imported after Django is awake: help speaks the reader's language."""

import json
import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from bihuan import __version__
from bihuan.audit import queries as audit_queries
from bihuan.audit import rules as audit_rules
from bihuan.base.errors import Refused
from bihuan.cli import ready as setting_up
from bihuan.cli.acting import acting, everywhere
from bihuan.cli.ledger import ledger
from bihuan.cli.press import press
from bihuan.cli.storage import files, jobs


@click.group(
    help=_("闭环：让开发区的测量、评价、整改、核验、公开形成闭环。\n\n先试试：bihuan demo check"),
    epilog=_("各命令加 --help 看用法。出错时以一句话说明原因，退出状态不为零。"),
)
@click.version_option(__version__, prog_name="bihuan")
@everywhere
def bihuan() -> None: ...


bihuan.add_command(ledger)
bihuan.add_command(press)
bihuan.add_command(files)
bihuan.add_command(jobs)
# Listed here, but run by `main` before Django wakes: see bihuan.cli.offline.
bihuan.add_command(
    click.Command(
        "index",
        short_help=_("综合指数：离线计算"),
        help=_(
            "综合指数引擎，只用文件：算得分和位次、不确定性、敏感性、归因、目标、体检、报告。\n\n"
            "例：bihuan index build --data idata.csv --meta imeta.csv --out 结果"
        ),
        epilog=_("各项子命令：bihuan index --help；算法：docs/methods/。"),
    )
)
bihuan.add_command(
    click.Command(
        "tally",
        short_help=_("测评：离线核验与复票"),
        help=_(
            "测评结果的公开包，只用文件：核验、复票、看结果，不需要本系统的数据。\n\n"
            "例：bihuan tally verify bundle.json --head 512:0f1e2d3c4b5a6978"
        ),
        epilog=_("各项子命令：bihuan tally --help；办法：docs/methods/ballot.md。"),
    )
)
bihuan.add_command(
    click.Command(
        "schedule",
        short_help=_("进度计划：读取、测算、预测、均衡"),
        help=_(
            "进度计划引擎，只用文件：读计划文件，算关键路线、挣值，预测完工日期，在资源有限时排进度。\n\n"
            "例：bihuan schedule read 计划.mpp"
        ),
        epilog=_("各项子命令：bihuan schedule --help；算法：docs/methods/schedule.md。"),
    )
)
bihuan.add_command(
    click.Command(
        "meeting",
        short_help=_("监票签名站"),
        help=_("会议：监票人自己的电脑上的签名站。"),
        epilog=_("各项子命令：bihuan meeting --help；办法：docs/methods/ballot.md。"),
    )
)


@bihuan.command(
    short_help=_("启动网站"),
    help=_(
        "启动网站。数据目录是新的，就先建表并载入示例分区。\n\n"
        "例：bihuan serve --port 8080 --data ~/bihuan"
    ),
)
@everywhere
@click.option("--host", default="127.0.0.1", show_default=True, help=_("监听的地址。"))
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=_("端口；0 表示任选一个空闲的。"),
)
@click.option("--no-sample", is_flag=True, help=_("不载入示例分区，只建一个管理员账号。"))
def serve(host: str, port: int, no_sample: bool) -> None:
    from bihuan.cli.server import serve as run

    setting_up.ready(sample=not no_sample)
    run(host, port)


@bihuan.command(
    short_help=_("建立或更新数据目录"),
    help=_("建立或更新数据目录：建表，载入示例分区或空白分区。其他命令需要时也会自动做。"),
)
@everywhere
@click.option("--no-sample", is_flag=True, help=_("不载入示例分区，只建一个管理员账号。"))
def setup(no_sample: bool) -> None:
    setting_up.ready(sample=not no_sample)
    click.echo(_("数据目录已就绪。"))


# Figures ------------------------------------------------------------------------------------------


@bihuan.group(short_help=_("导入、核对数据"), help=_("数据：指标、评价期、观测值、疑点。"))
@everywhere
def facts() -> None: ...


@facts.command(
    "import",
    short_help=_("导入公布的数据"),
    help=_(
        "导入一个公布数据的文件（JSON，zone-page/1）。有一处不对就全部不导入，并一次说清所有的不对；"
        "同一文件再导入不会重复。\n\n"
        "例：bihuan facts import page.json --subject 郑州经开区=zone"
    ),
)
@everywhere
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as", "username", default="statistician", show_default=True, help=_("以哪个账号导入。")
)
@click.option("--subject", "subjects", multiple=True, metavar=_("名称=单位代码"))
def facts_import(file: Path, username: str, subjects: tuple[str, ...]) -> None:
    from bihuan.facts import services

    setting_up.ready()
    mapping = dict(pair.split("=", 1) for pair in subjects if "=" in pair)
    result = services.import_file(
        file.read_bytes(), file.name, by=acting(username), subjects=mapping
    )
    click.echo(
        _("新增 %(added)d 个，修订 %(revised)d 个，不变 %(same)d 个；疑点 %(doubts)d 条。")
        % {
            "added": result.added,
            "revised": result.revised,
            "same": result.unchanged,
            "doubts": len(result.doubts),
        }
    )


@bihuan.group(short_help=_("演示"), help=_("演示：用命令走一遍闭环。"))
@everywhere
def demo() -> None: ...


@demo.command(
    "check",
    short_help=_("走一遍闭环，逐步核对"),
    help=_(
        "导入公布的数据，列出疑点，提出问题，交办、整改、核查、销号，核对审计链；每一步都打印并核对，"
        "有一步不成立就停下，退出状态不为零。\n\n"
        "不带 --data 时用临时目录，走完即删；带 --data 时走在示例分区里，留下这个问题。"
    ),
)
@everywhere
@click.option("--page", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def demo_check(page: Path | None) -> None:
    from bihuan.cli.walk import walk

    setting_up.ready(told=False)
    walk(page)


@demo.command(
    "meeting",
    short_help=_("开一次述职测评会，模拟手机投票"),
    help=_(
        "从方案、名单、签到发票、一述一评、投票到计票，用模拟的手机走一遍，带着丢答复、点两次、"
        "没电等故障；打印结果，并用只有一个文件的核对程序重算。\n\n"
        "--out 写出结果单 sheet.pdf、公开的结果文件 bundle.json 和核对程序 recount.py。\n\n"
        "不带 --data 时用临时目录，走完即删。"
    ),
)
@everywhere
@click.option(
    "--voters",
    type=click.IntRange(20, 5000),
    default=500,
    show_default=True,
    help=_("多少人投票。"),
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=_("写到这个目录。"))
def demo_meeting(voters: int, out: Path | None) -> None:
    from bihuan.cli.hall import run

    setting_up.ready(told=False)
    run(voters, out)


@demo.command(
    "snow",
    short_help=_("走一次降雪：排方案、途中有变、凭轨迹核对"),
    help=_(
        "在示意路网上走一次降雪，用模拟的时间，逐段打印：转发预警、不等命令就启动、排方案、晚出车、"
        "抛锚、封路、督导、又下雪，都重排；定位带误差、断信号、坐标系不对，最后只凭轨迹点核对清完没有。"
        "每一步都核对，有一步不成立就停下，退出状态不为零。\n\n"
        "不用数据库，什么也不留下。"
    ),
)
@everywhere
def demo_snow() -> None:
    from bihuan.cli.snow import run

    run()


# The chain ----------------------------------------------------------------------------------------


@bihuan.group(
    short_help=_("核对、导出审计记录"),
    help=_("审计记录：谁、以何任职、何时、做了什么；逐条相扣，改动任何一条都会被指出。"),
)
@everywhere
def audit() -> None: ...


@audit.command(
    "verify",
    short_help=_("核对审计链"),
    help=_(
        "从头到尾核对审计链，指出第一条被改动的记录。\n\n"
        "--file 核对导出的文件，不需要数据库；--expect 与先前记下的审计根比对，可发现截尾。\n\n"
        "例：bihuan audit verify --file audit.jsonl --expect 120:9f3c…"
    ),
)
@everywhere
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--expect", metavar="SEQ:HASH", help=_("先前记下的审计根。"))
def audit_verify(path: Path | None, expect: str | None) -> int:
    root = _root(expect) if expect else None
    unguarded = ""
    if path is None:
        setting_up.ready(guarded=False)
        unguarded = setting_up.unguarded()
        check = audit_rules.check_chain(audit_queries.rows(), expect=root)
    else:
        with path.open(encoding="utf-8") as lines:
            check = audit_rules.check_lines(lines, expect=root)
    if unguarded:
        click.echo(unguarded, err=True)
    if check.whole:
        click.echo(
            _("审计链完整：%(count)d 条，审计根 %(count)d:%(head)s。")
            % {"count": check.count, "head": check.head}
        )
        return 1 if unguarded else 0
    click.echo(
        _("审计链在第 %(seq)s 条断开：%(reason)s。此前 %(count)d 条完好。")
        % {"seq": check.broken_at, "reason": _(check.reason), "count": check.count},
        err=True,
    )
    return 1


@audit.command(
    "export",
    short_help=_("导出审计记录"),
    help=_("每行一条 JSON，写到文件或标准输出；导出的文件可离线核对。"),
)
@everywhere
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def audit_export(out: Path | None) -> None:
    setting_up.ready(guarded=False)  # the evidence must get out when something was touched
    stream = out.open("w", encoding="utf-8") if out else sys.stdout
    try:
        for row in audit_queries.rows():
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    finally:
        if out:
            stream.close()


@audit.command(
    "head",
    short_help=_("显示审计根"),
    help=_("显示最新一条的序号和摘要。抄下它，日后可证明此前的记录未被改动。"),
)
@everywhere
def audit_head() -> None:
    setting_up.ready()
    seq, head = audit_queries.head()
    click.echo(f"{seq}:{head}")


def _root(text: str) -> tuple[int, str]:
    seq, sign, head = text.partition(":")
    if not (seq.isdigit() and sign and len(head) == 64):
        raise Refused(_("审计根应写成“序号:摘要”，摘要为 64 位。请原样粘贴 audit head 的输出。"))
    return int(seq), head


# Chores for those who change the source -----------------------------------------------------------


@bihuan.command(
    short_help=_("更新或编译英文译文"),
    help=_("收集源程序里的中文句子，更新英文译文文件；--compile 只编译，--check 列出缺译的句子。"),
)
@everywhere
@click.option("--compile", "compiling", is_flag=True, help=_("编译译文。"))
@click.option("--check", "checking", is_flag=True, help=_("列出缺译的句子；有则退出状态不为零。"))
def messages(compiling: bool, checking: bool) -> int:
    from bihuan.cli import messages as work

    if checking:
        return 1 if work.report() else 0
    if not compiling:
        work.update()
    work.compile_all()
    if lacking := work.missing():
        click.echo(_("还有 %(n)d 句没有英文。") % {"n": len(lacking)}, err=True)
    return 0


@bihuan.command(
    short_help=_("写出参考文档"),
    help=_("从程序写出 docs/reference 各页；--write 写入，不带则只核对是否过时。"),
)
@everywhere
@click.option("--write", "writing", is_flag=True, help=_("写入。"))
def reference(writing: bool) -> int:
    from bihuan.cli import reference as work

    folder = work.folder()
    if folder is None:
        raise Refused(_("这里没有源程序，参考文档只能在源程序目录里写。"))
    stale = []
    for name, text in work.pages(bihuan).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if writing:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if stale and not writing:
        click.echo(
            _("这些页过时了：%(names)s。请加 --write 再写。") % {"names": _("、").join(stale)},
            err=True,
        )
        return 1
    return 0
