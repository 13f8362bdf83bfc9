"""`bihuan tally …`: published bundles on files. No database, no web framework, no network."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from bihuan.base.tally_words import CHECKS, REASONS
from bihuan.cli.offline.options import FILE, lang
from bihuan.cli.offline.words import _, english, sentence
from bihuan.engines.faults import Fault, Unfit, refuse
from bihuan.engines.tally import plain, seal
from bihuan.engines.tally.box import BallotBox, Refusal, Unsound
from bihuan.engines.tally.columns import gather
from bihuan.engines.tally.count import COMBINED
from bihuan.engines.tally.disclosure import Told
from bihuan.engines.tally.verify import Check, Opened, Seen, opened, verify
from bihuan.engines.tally.verify import recount as again

_LARGEST = 256 * 2**20
_json = click.option("--json", "as_json", is_flag=True, help=_("写成 JSON。"))


@click.group(
    short_help=_("测评：离线核验与复票"),
    help=_(
        "测评结果的公开包，只用文件：核验、复票、看结果，不需要本系统的数据。\n\n"
        "例：bihuan tally verify bundle.json --head 512:0f1e2d3c4b5a6978"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang
def tally() -> None: ...


@tally.command(
    "verify",
    short_help=_("核验公开包"),
    help=_(
        "逐项核验公开包：方案、签名、票根、票列、核对表、结果；改动、缺失、多出都指名。"
        "--head 是现场大屏或结果单上的“票数:根”，可写多次；有一项不符，退出状态为 1。"
    ),
)
@click.argument("bundle", type=FILE)
@click.option("--head", "heads", multiple=True, help=_("见过的签名根，如 512:0f1e2d3c4b5a6978。"))
@click.option("--key", default="", help=_("日志公钥（64 位十六进制，印在结果单上）。"))
@click.option("--with", "other", type=FILE, help=_("另一份公开包，看两份是不是同一本账。"))
@_json
@lang
def verify_command(
    bundle: Path, heads: tuple[str, ...], key: str, other: Path | None, as_json: bool
) -> int:
    faults: list[Fault] = []
    raw = _kept(faults, _loaded, bundle)
    beside = None if other is None else _kept(faults, _loaded, other)
    seen = [_kept(faults, Seen.read, text) for text in heads]
    public = _kept(faults, _key, key) if key else None
    refuse(faults)
    checks = verify(raw, log_public=public, seen=seen, other=beside)
    holds = all(check.passed for check in checks)
    if as_json:
        click.echo(json.dumps(_table(checks, holds), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(checks, _names(raw))))
        if holds:
            click.echo(_summary(opened(raw), pinned=bool(key)))
        else:
            click.echo(_("核验不通过：这份结果不能采信。"))
    return 0 if holds else 1


@tally.command(
    "show",
    short_help=_("看公布的结果"),
    help=_("按表列出公布的结果：得分、“好”的占比、位次、档次和各票面的数。先核验，不符就不列。"),
)
@click.argument("bundle", type=FILE)
@lang
def show_command(bundle: Path) -> int:
    raw = _loaded(bundle)
    checks = verify(raw)
    if not all(check.passed for check in checks):
        click.echo("\n".join(_lines([c for c in checks if not c.passed], _names(raw))), err=True)
        return 1
    click.echo("\n".join(_shown(opened(raw))))
    return 0


@tally.command(
    "recount",
    short_help=_("用票箱副本复票"),
    help=_(
        "核对期内，用票箱文件的副本和密钥重新开票、计票，与公开包逐列比对。"
        "密钥分给几个人的，每人一份 --share；由本系统保管的，用 --key 指密钥文件。"
    ),
)
@click.argument("box", type=FILE)
@click.option("--bundle", type=FILE, required=True, help=_("公开包，或监票人的全包。"))
@click.option("--share", "shares", multiple=True, help=_("一份密钥，照样输入；可写多次。"))
@click.option("--key", "key_file", type=FILE, help=_("密钥文件（32 字节，或十六进制）。"))
@lang
def recount_command(box: Path, bundle: Path, shares: tuple[str, ...], key_file: Path | None) -> int:
    faults: list[Fault] = []
    raw = _kept(faults, _loaded, bundle)
    found = None if raw is None else _kept(faults, opened, raw)
    try:
        with BallotBox(box) as copy:
            private = _kept(faults, _private, copy, shares, key_file)
            refuse(faults)
            assert found is not None  # a bundle that cannot be read is refused above
            issued = found.reconciliation.issued
            ballots = ((category, text) for _leaf, category, text in copy.open(private))
            columns = gather(found.plan, ballots, issued=issued)
            wrong = again(raw, copy.leaves(), columns)
            wrong += copy.check(
                box=bytes.fromhex(found.plan.box),
                log_public=found.public,
                plan=found.plan.canonical(),
                seen=[found.final],
            )
    except Unsound as refusal:
        raise Unfit(refusal.faults) from None
    except Refusal as refusal:
        raise Unfit([refusal.fault]) from None
    for line in dict.fromkeys(_said(fault, _names(raw)) for fault in wrong):
        click.echo(line)
    if wrong:
        click.echo(_("复票与公布的不一致。"))
        return 1
    click.echo(
        _("复票一致：%(ballots)d 张票，%(columns)d 个票列，与公布的逐列相同。")
        % {"ballots": len(found.leaves), "columns": len(columns.counts)}
    )
    return 0


# Reading ------------------------------------------------------------------------------------------


def _kept(faults: list[Fault], read: Any, *given: Any) -> Any:
    """What `read` makes of it; its faults join the others, so that all are told at once."""
    try:
        return read(*given)
    except Unfit as refusal:
        faults += refusal.faults
        return None


def _loaded(path: Path) -> Any:
    """The JSON in a file. Unfit."""
    where = {"file": path.name}
    if path.stat().st_size > _LARGEST:
        raise Unfit([Fault("bundle_not_json", {**where, "detail": f"> {_LARGEST} B"})])
    try:
        return plain.parse(path.read_bytes())
    except ValueError as error:
        raise Unfit([Fault("bundle_not_json", {**where, "detail": str(error)[:80]})]) from None


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Unfit([Fault("key_unreadable", {"found": plain.visible(text)[:80]})])
    return key


def _private(copy: BallotBox, shares: Sequence[str], key_file: Path | None) -> bytes:
    """The private key that opens the box: joined from shares, or out of a file. Unfit."""
    if (key_file is None) == (not shares):
        raise Unfit([Fault("recount_key_asked")])
    if key_file is None:
        return seal.join(shares, public=copy.seal_public)
    content = key_file.read_bytes()
    private = content if len(content) == 32 else _key(content.decode("ascii", "replace"))
    if seal.public_of(private) != copy.seal_public:
        raise Unfit([Fault("recount_other_key", {"file": key_file.name})])
    return private


# Telling ------------------------------------------------------------------------------------------


Names = Mapping[tuple[str, str], str]


def _names(raw: Any) -> Names:
    """(kind, code) → the name on the ballot, as far as the bundle can be read."""
    try:
        plan = opened(raw).plan
    except Unfit:
        return {}
    kinds: Mapping[str, Sequence[Any]] = {
        "category": plan.categories,
        "subject": plan.subjects,
        "item": plan.items,
        "grade": plan.grades,
        "band": plan.bands,
    }
    named = {
        (kind, one.code): (english() and one.name_en) or one.name
        for kind, each in kinds.items()
        for one in each
    }
    return {("item", COMBINED): _("各项合并"), **named}


def _said(fault: Fault, names: Names) -> str:
    """The fault as a sentence, with names where the engine has codes."""
    params = {key: names.get((key, str(value)), value) for key, value in fault.params.items()}
    return sentence(fault.code, params)


def _lines(checks: Sequence[Check], names: Names) -> list[str]:
    out = []
    for check in checks:
        if not check.asked:
            continue
        verdict = _("通过") if check.passed else _("不符")
        out.append(f"{verdict}  {_(CHECKS[check.name])}")
        out += [f"      {_said(fault, names)}" for fault in check.faults]
    return out


def _table(checks: Sequence[Check], holds: bool) -> dict[str, Any]:
    return {
        "holds": holds,
        "checks": [
            {
                "name": check.name,
                "asked": check.asked,
                "passed": check.passed,
                "faults": [
                    {
                        "code": fault.code,
                        "params": {key: str(value) for key, value in fault.params.items()},
                        "sentence": sentence(fault.code, fault.params),
                    }
                    for fault in check.faults
                ],
            }
            for check in checks
        ],
    }


def _summary(found: Opened, *, pinned: bool) -> str:
    told = _("核验通过：%(ballots)d 张票。根 %(root)s") % {
        "ballots": found.final.size,
        "root": found.final.root.hex(),
    }
    if pinned:
        return told
    # A bundle's own key says only that the bundle agrees with itself.
    unpinned = _("没有给 --key，请把日志公钥与印在结果单上的核对：%(key)s") % {
        "key": found.public.hex()
    }
    return f"{told}\n{unpinned}"


def _shown(found: Opened) -> list[str]:
    """One block for each item: a row per unit, columns set apart by two spaces."""
    plan, names = found.plan, _names(found.raw)
    grades = [(names["grade", one.code], one.code) for one in plan.grades]
    lines = [f"{plan.title}（{plan.year}）"]
    for item in (*(one.code for one in plan.items), *([COMBINED] if plan.combine else [])):
        lines += ["", names["item", item]]
        head = [_("单位"), _("得分"), _("“好”占比"), _("位次"), _("档次"), *(n for n, _c in grades)]
        others = ((_("弃权"), "abstain"), (_("未填"), ""), (_("本单位"), "own"), (_("废"), "void"))
        head += [name for name, _code in others]
        rows = [head]
        for one in found.told:
            if one.item == item:
                counts: Mapping[str, int] = one.counts or {}
                codes = [code for _name, code in (*grades, *others)]
                cells = [str(counts[c]) if one.counts else "—" for c in codes]
                bands = "/".join(names["band", code] for code in one.bands)
                row = [
                    names["subject", one.subject],
                    _score(one),
                    _share(one),
                    _rank(one),
                    bands,
                    *cells,
                ]
                rows.append([*row, _(REASONS[one.reason]) if one.reason else ""])
        lines += ["  ".join(row).rstrip() for row in rows]
    return lines


def _score(one: Told) -> str:
    return _between(one, one.low, one.high, Fraction(1), "")


def _share(one: Told) -> str:
    return _between(one, one.share_low, one.share_high, Fraction(100), "%")


def _between(
    one: Told, low: Fraction | None, high: Fraction | None, scale: Fraction, unit: str
) -> str:
    """An exact number, a rounded one (≈) or a range; "—" where nothing is told."""
    if low is None or high is None:
        return "—"
    if low == high:
        return f"{float(low * scale):.2f}{unit}"
    if one.middle is None or high - low > 1 / scale:
        low, high = max(low, Fraction(0)), min(high, 100 / scale)
        return f"{float(low * scale):.1f}–{float(high * scale):.1f}{unit}"
    return f"≈{float((low + high) / 2 * scale):g}{unit}"


def _rank(one: Told) -> str:
    if one.rank is None:
        return "—"
    return str(one.rank) if one.rank == one.rank_last else f"{one.rank}–{one.rank_last}"
