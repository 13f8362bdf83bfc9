"""At the door: who is there gets a right to cast, and nobody can tell later whose it was."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import bridge, queries
from bihuan.ballots.models import Lot, Poll, Station, Ticket, Voter
from bihuan.ballots.services.steps import at, move, refusing
from bihuan.base.errors import NotFound, Refused
from bihuan.engines.tally import blind, codes
from bihuan.people import queries as people
from bihuan.people.models import Post

MOST_SLIPS = 5_000  # at one go


@transaction.atomic
def start_issuing(poll: Poll, *, by: Post | None) -> Poll:
    """开始签到发票。"""
    _may(by)
    poll = at(poll, "frozen")
    missing = [
        queries.named(category)
        for category in poll.plan["categories"]
        if not poll.voters.filter(category=category["code"]).exists()
    ]
    if missing:
        raise Refused(
            _("这些类别的名单还是空的：%(names)s。请先编名单，或改方案。")
            % {"names": _("、").join(missing)}
        )
    if poll.plan["signers"] == 2 and not _station_ready(poll):
        raise Refused(_("方案要求双签，监票签名站还没有接入。请监票人先在自己的电脑上启动签名站。"))
    return move(poll, "issuing", by)


@transaction.atomic
def check_in(poll: Poll, *, by: Post | None, voter: Voter, given: str) -> str:
    """签到并发票：一人一票。手机票返回票证码，只在此时给出；纸票由本人随机抽取，返回空。

    Neither the entry nor the row says when: order of arrival is nobody's business.
    """
    _may(by)
    poll = at(poll, "issuing")
    voter = Voter.objects.select_for_update().get(pk=voter.pk, poll=poll)
    if voter.given:
        raise Refused(
            _("%(name)s已经领过票，一人只有一票。手机没电的，换手机扫同一张票证、输入续办码即可。")
            % {"name": voter.name}
        )
    voter.present, voter.given = True, given
    voter.save(update_fields=["present", "given"])
    if given != "token":
        return ""
    code = codes.new_code()
    Ticket.objects.create(voter=voter, digest=_ticket_digest(code))
    return code


@transaction.atomic
def take_back(poll: Poll, *, by: Post | None, voter: Voter, reason: str) -> Voter:
    """收回：还没用过的手机票，或原样退回的纸票；之后可另发。"""
    _may(by)
    poll = at(poll, "issuing")
    voter = Voter.objects.select_for_update().get(pk=voter.pk, poll=poll)
    if not voter.given:
        raise Refused(_("%(name)s还没有领票。") % {"name": voter.name})
    if not reason.strip():
        raise Refused(_("请写明收回的理由。"))
    ticket = Ticket.objects.select_for_update().filter(voter=voter).first()
    if ticket is not None and ticket.blinded:
        raise Refused(
            _("%(name)s的手机票已经激活，收不回来；换手机扫同一张票证、输入续办码即可接着投。")
            % {"name": voter.name}
        )
    if ticket is not None:
        ticket.delete()
    voter.given = ""
    voter.save(update_fields=["given"])
    audit.record(by, "ballots.poll.take_back", poll, note=f"{voter.name}：{reason}")
    return voter


@transaction.atomic
def print_slips(poll: Poll, *, by: Post | None, category: str, count: int) -> list[str]:
    """印纸票：随机码只在此时给出，票箱只存摘要；由本人在门口随机抽取。"""
    _may(by)
    poll = at(poll, "frozen", "issuing")
    if category not in {one["code"] for one in poll.plan["categories"]}:
        raise Refused(_("方案里没有类别“%(code)s”。") % {"code": category})
    if not 1 <= count <= MOST_SLIPS:
        raise Refused(_("一次可印 1 至 %(most)d 张。") % {"most": MOST_SLIPS})
    fresh = [codes.new_code() for _number in range(count)]
    lot, _made = Lot.objects.select_for_update().get_or_create(poll=poll, category=category)
    lot.printed += count
    lot.save(update_fields=["printed"])
    audit.record(
        by,
        "ballots.poll.print_slips",
        poll,
        changes={"category": (None, category), "printed": (lot.printed - count, lot.printed)},
    )
    with refusing():
        bridge.box(poll.box_id).add_slips(category, [codes.spent_slip(code) for code in fresh])
    return fresh


@transaction.atomic
def return_slips(poll: Poll, *, by: Post | None, category: str, count: int) -> Lot:
    """退回未用的纸票：当场清点、剪角作废，只记张数。"""
    _may(by)
    poll = at(poll, "issuing", "issued")
    lot = Lot.objects.select_for_update().filter(poll=poll, category=category).first()
    handed = poll.voters.filter(category=category, given="slip").count()
    left = (lot.printed if lot else 0) - handed
    if lot is None or not 0 <= count <= left:
        raise Refused(
            _("这个类别印了 %(printed)d 张，发出 %(handed)d 张，最多退回 %(left)d 张。")
            % {"printed": lot.printed if lot else 0, "handed": handed, "left": max(left, 0)}
        )
    before, lot.returned = lot.returned, count
    lot.save(update_fields=["returned"])
    audit.record(
        by,
        "ballots.poll.return_slips",
        poll,
        changes={"category": (None, category), "returned": (before, count)},
    )
    return lot


@transaction.atomic
def close_issuing(poll: Poll, *, by: Post | None) -> Poll:
    """发票结束：公布各类张数，签发手机票的密钥当即销毁，谁也补不出一张来。"""
    _may(by)
    poll = at(poll, "issuing")
    numbers = queries.numbers(poll)
    faults = [
        _(
            "“%(name)s”印了 %(printed)d 张纸票，发出 %(slips)d 张，退回 %(returned)d 张，"
            "差 %(gap)d 张。请清点后登记退回张数。"
        )
        % {
            "name": _name(poll, code),
            "printed": one.printed,
            "slips": one.slips,
            "returned": one.returned,
            "gap": one.printed - one.slips - one.returned,
        }
        for code, one in numbers.items()
        if one.printed != one.slips + one.returned
    ]
    if faults:
        raise Refused.all(faults)
    poll.announced = {code: asdict(one) for code, one in numbers.items()}
    told = "；".join(
        f"{_name(poll, code)} {one.due}/{one.present}/{one.issued}" for code, one in numbers.items()
    )
    move(poll, "issued", by, note=told)
    with refusing():
        bridge.box(poll.box_id).advance("issued")
    transaction.on_commit(lambda: bridge.forget_tokens(poll.box_id))
    return poll


def issue(slug: str, *, ticket: str, blinded: Sequence[bytes]) -> tuple[str, list[bytes]]:
    """盲签：一张票证只签一个盲化值；同一个再来，给同一个答复；换一个，不签。

    The category, and one signature for each signer; fewer while a second signer has not answered.
    Raises Refused, NotFound for a code that is none of ours, Unsound turned into Refused.
    """
    fixed = queries.fixed(slug)
    known = queries.ticket_of(fixed.pk, _ticket_digest(ticket))
    if known is None:  # whoever guesses does not hold the database
        raise _no_ticket()
    with transaction.atomic():
        held = Ticket.objects.select_for_update().select_related("voter")
        found = held.filter(pk=known.pk).first()
        if found is None:  # taken back a moment ago
            raise _no_ticket()
        category = found.voter.category
        asked = [value.hex() for value in blinded]
        if found.blinded and found.blinded != asked:
            raise Refused(
                _(
                    "这张票证已在另一部手机上激活。请在那部手机上投票；它坏了的，输入它显示过的续办码。"
                )
            )
        if len(asked) != fixed.plan.signers:
            raise Refused(
                _("这次投票要 %(n)d 个签名。请刷新页面再试。") % {"n": fixed.plan.signers}
            )
        if found.signatures and all(found.signatures):
            return category, [bytes.fromhex(one) for one in found.signatures]
        if queries.phase(slug) != "issuing":
            raise Refused(_("发票已经结束，不能再激活票证。请问会务人员。"))
        key = bridge.signing_key(fixed.box_id, category)
        if key is None:
            raise Refused(_("发票已经结束，不能再激活票证。请问会务人员。"))
        if not found.blinded:
            try:
                own = blind.sign(key, blinded[0])
            except blind.Unsound:
                raise Refused(_("手机送来的数不合规定，没有签。请刷新页面再试。")) from None
            found.blinded = asked
            found.signatures = [own.hex(), *("" for _more in asked[1:])]
            found.save(update_fields=["blinded", "signatures"])
        return category, [bytes.fromhex(one) for one in found.signatures if one]


def _no_ticket() -> NotFound:
    return NotFound(_("没有这张票证。请核对票证码，或问会务人员。"))


def right(slug: str, *, slip: str = "", ticket: str = "") -> tuple[str, str]:
    """What a scanned code is: ("slip" or "ticket", category). Raises NotFound."""
    fixed = queries.fixed(slug)
    code = codes.normal(slip or ticket)
    if found := queries.ticket_of(fixed.pk, _ticket_digest(code)):
        return "ticket", found.voter.category
    category = bridge.box(fixed.box_id).slip_category(codes.spent_slip(code))
    if category is None:
        raise NotFound(_("没有这个票码。请核对后再输，或问会务人员。"))
    return "slip", category


# The second signer ------------------------------------------------------------------------------


def _station_ready(poll: Poll) -> bool:
    found = queries.station(poll)
    return found is not None and set(found.keys) == {c["code"] for c in poll.plan["categories"]}


@transaction.atomic
def admit_station(poll: Poll, *, by: Post | None) -> str:
    """接入监票签名站：给出接入码一次，监票人输入自己的电脑。"""
    _may(by)
    poll = at(poll, "frozen")
    word = codes.new_code()
    Station.objects.filter(poll=poll).delete()
    Station.objects.create(poll=poll, secret_digest=hashlib.sha256(word.encode()).hexdigest())
    audit.record(by, "ballots.poll.admit_station", poll)
    return word


def _station(poll: Poll, word: str) -> Station:
    found = queries.station(poll)
    given = hashlib.sha256(codes.normal(word).encode()).hexdigest()
    if found is None or not secrets.compare_digest(found.secret_digest, given):
        raise NotFound(_("接入码不对，或没有登记签名站。"))
    return found


def station_known(poll: Poll, *, word: str) -> Station:
    """The station that shows this word. Raises NotFound."""
    return _station(poll, word)


@transaction.atomic
def station_keys(poll: Poll, *, word: str, keys: dict[str, dict[str, str]], head: str) -> None:
    """签名站报上它的公钥：签到开始之前，一次。"""
    found = _station(poll, word)
    poll = at(poll, "frozen")
    if found.keys and found.keys != keys:
        raise Refused(_("这个签名站已经报过另一套公钥。要换，请会务人员重新接入。"))
    wanted = {category["code"] for category in poll.plan["categories"]}
    try:
        read = {code: blind.PublicKey.from_plain(key) for code, key in keys.items()}
        bytes.fromhex(head)
    except (blind.Unsound, ValueError):
        raise Refused(_("签名站的公钥读不通。")) from None
    if set(read) != wanted or len(head) != 64:
        raise Refused(_("签名站须给每个类别一把公钥，另有一把签箱头的。"))
    found.keys = {code: key.to_plain() for code, key in read.items()}
    found.head_public = head
    found.save(update_fields=["keys", "head_public"])
    poll.keys = {**poll.keys, "station": found.keys, "station_head": head}
    poll.save(update_fields=["keys"])
    audit.record(None, "ballots.poll.station_keys", poll)


def due(poll: Poll) -> dict[str, int]:
    """How many tokens there may be at most, by category: what a station signs up to."""
    return {code: one.due for code, one in queries.numbers(poll).items()}


def station_waiting(poll: Poll, *, word: str) -> list[dict[str, str]]:
    """Blinded values that wait for the station: an opaque name, category, value."""
    _station(poll, word)
    waiting = []
    for ticket in Ticket.objects.select_related("voter").filter(voter__poll=poll):
        if len(ticket.blinded) == 2 and ticket.signatures and not ticket.signatures[1]:
            waiting.append(
                {"name": ticket.digest, "category": ticket.voter.category, "z": ticket.blinded[1]}
            )
    return sorted(waiting, key=lambda one: one["name"])


@transaction.atomic
def station_signed(poll: Poll, *, word: str, signed: dict[str, str]) -> int:
    """The station's blind signatures by the names it was given, each checked before it is kept."""
    station = _station(poll, word)
    kept = 0
    for ticket in (
        Ticket.objects.select_for_update()
        .select_related("voter")
        .filter(digest__in=list(signed), voter__poll=poll)
    ):
        key = blind.PublicKey.from_plain(station.keys[ticket.voter.category])
        signature = bytes.fromhex(signed[ticket.digest])
        if len(ticket.blinded) == 2 and bridge.signs(key, ticket.blinded[1], signature):
            ticket.signatures = [ticket.signatures[0], signature.hex()]
            ticket.save(update_fields=["signatures"])
            kept += 1
    return kept


def _name(poll: Poll, code: str) -> str:
    return next(queries.named(c) for c in poll.plan["categories"] if c["code"] == code)


def _ticket_digest(code: str) -> str:
    return hashlib.sha256(b"ticket" + codes.normal(code).encode()).hexdigest()


def _may(by: Post | None) -> None:
    if by is not None:
        people.require(by, "ballots.run")
