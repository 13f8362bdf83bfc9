"""What the office sets for itself: rule tables with a history, re-check samples, tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries
from bihuan.ledger.models import RuleTable, Sample, Token
from bihuan.ledger.rules import honest
from bihuan.ledger.rules.tables import TABLES, Row, faults
from bihuan.people import queries as people
from bihuan.people.models import Post


@transaction.atomic
def set_table(code: str, *, by: Post | None, rows: Sequence[Row], source: str) -> RuleTable:
    """设定规则表：存为新的一版，写明依据；旧版永远可查。"""
    if by is not None:
        people.require(by, "ledger.limits")
    if code not in TABLES:
        raise Refused(_("没有这张规则表：%(code)s。") % {"code": code})
    found = [_(f.sentence) % _translated(f.params) for f in faults(TABLES[code], rows)]
    if not source.strip():
        found.append(_("请写明依据：哪份文件、哪次会议，或谁的决定。"))
    before = list(queries.table(code))
    after = [{c.code: row.get(c.code, "") for c in TABLES[code].columns} for row in rows]
    if not found and after == before:
        found.append(_("内容没有变化，不必另存。"))
    if found:
        raise Refused.all(found)
    latest = queries.history(code).select_for_update().first()
    version = latest.version + 1 if latest else 1
    table = RuleTable.objects.create(code=code, version=version, rows=after, source=source, by=by)
    audit.record(by, "ledger.table.set", table, changes=_differences(before, after), note=source)
    return table


def _translated(params: Any) -> dict[str, Any]:
    return {k: _(v) if k == "column" else v for k, v in params.items()}


def _differences(before: Sequence[Row], after: Sequence[Row]) -> dict[str, tuple[Any, Any]]:
    """Row by row what changed, so that the history reads without comparing tables."""
    old, new = ({row["code"]: dict(row) for row in rows} for rows in (before, after))
    codes = dict.fromkeys([*old, *new])
    return {c: (old.get(c), new.get(c)) for c in codes if old.get(c) != new.get(c)}


@transaction.atomic
def set_limit(code: str, *, by: Post | None, value: int, source: str) -> RuleTable:
    """设定一个期限或次数：写明依据。"""
    rows = [dict(row) for row in queries.table("limits")]
    if code not in {row["code"] for row in rows}:
        raise Refused(_("没有这项设定：%(code)s。") % {"code": code})
    for row in rows:
        if row["code"] == code:
            row["value"] = value
    return set_table("limits", by=by, rows=rows, source=source)


@transaction.atomic
def draw_sample(*, by: Post, seed: str) -> Sample:
    """抽样：从应回头看的问题里按风险比例抽取；种子和总体一并公布，任何人都可以重抽核对。"""
    people.require(by, "ledger.recheck")
    if not seed.strip():
        raise Refused(_("请写明种子，例如当天公布的某个号码；种子公布后才可信。"))
    population = queries.population(clock.today())
    if not population:
        raise Refused(_("现在没有应回头看的问题，不必抽样。"))
    shares = {row["code"]: row["share"] for row in queries.table("recheck")}
    sample = Sample.objects.create(
        seed=seed.strip(),
        day=clock.today(),
        population=population,
        shares=shares,
        drawn=honest.draw(seed.strip(), population, shares),
        digest=honest.population_digest(population),
        by=by,
    )
    changes = {"drawn": (None, sample.drawn), "digest": (None, sample.digest)}
    audit.record(by, "ledger.sample.draw", sample, changes=changes)
    return sample


# Tokens: another system acts in a post ----------------------------------------------------------


@transaction.atomic
def give_token(*, by: Post, name: str, post: Post, valid_to: date) -> tuple[Token, str]:
    """发令牌：返回令牌本身，只此一次；库里只存摘要。"""
    people.require(by, "ledger.tokens")
    if valid_to < clock.today():
        raise Refused(_("有效期不得早于今天。请改晚。"))
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        name=name, digest=token_digest(secret), post=post, valid_to=valid_to, by=by
    )
    audit.record(by, "ledger.token.give", token, changes={"post": (None, str(post))})
    return token, secret


@transaction.atomic
def end_token(token: Token, *, by: Post) -> Token:
    """停用令牌：立即失效。"""
    people.require(by, "ledger.tokens")
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.ended_at is not None:
        raise Refused(_("这个令牌已经停用。"))
    token.ended_at = clock.now()
    token.save(update_fields=["ended_at"])
    audit.record(by, "ledger.token.end", token)
    return token


def token_digest(secret: str) -> str:
    """What is stored of a token: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
