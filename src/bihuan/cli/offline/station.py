"""`bihuan meeting sign-station`: the scrutineer's own laptop as the second signer.

It holds keys that the platform never sees, signs each name once and never more than are due, and
keeps every head that it was shown: a log that forgets one of them is told at once.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import click

from bihuan.base.errors import Refused
from bihuan.cli.offline.words import _, sentence
from bihuan.engines.tally import blind, codes, heads, signing
from bihuan.engines.tally.verify import verify

_LONGEST_ANSWER = 64 * 2**20
_TIMEOUT_S = 20
PAUSE_S = 0.5
_OWN_SIGNATURE_LACKS = "bundle_station_missing"  # which this station is about to give

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


@dataclass
class Station:
    """Its keys, whom it has signed, the heads it saw; all of it kept in one file of its own."""

    file: Path
    box: str = ""
    keys: dict[str, blind.PrivateKey] = field(default_factory=dict)
    head_private: bytes = b""
    signed: dict[str, list[str]] = field(default_factory=dict)  # name → category, value, signature

    @classmethod
    def at(cls, file: Path) -> "Station":
        """The station as this file remembers it."""
        if not file.exists():
            return cls(file)
        try:
            plain = json.loads(file.read_text("ascii"))
            keys = {
                code: blind.PrivateKey.from_bytes(bytes.fromhex(key))
                for code, key in plain["keys"].items()
            }
            head = bytes.fromhex(plain["head"])
            return cls(file, plain["box"], keys, head, plain["signed"])
        except (KeyError, ValueError, AttributeError):
            raise Refused(
                _("“%(file)s”读不通，不是签名站的密钥文件。请换一个 --home。") % {"file": file}
            ) from None

    def keep(self) -> None:
        """Write it down before anything leaves this laptop."""
        plain = {
            "box": self.box,
            "keys": {code: key.to_bytes().hex() for code, key in self.keys.items()},
            "head": self.head_private.hex(),
            "signed": self.signed,
        }
        fresh = self.file.with_suffix(".new")
        fresh.parent.mkdir(parents=True, exist_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(plain), encoding="ascii")
        os.replace(fresh, self.file)  # noqa: PTH105 - one step, also over an existing file

    def ready(self, box: str, categories: list[str]) -> None:
        """Keys for this box, made once."""
        if self.box and self.box != box:
            raise Refused(_("这个目录里的密钥属于另一个票箱。请换一个 --home。"))
        if not self.keys:
            self.box = box
            self.keys = {code: blind.new_key() for code in categories}
            self.head_private, _public = signing.new_signer()
            self.keep()

    def public(self) -> dict[str, Any]:
        """The public halves, as the platform wants them."""
        return {
            "keys": {code: key.public.to_plain() for code, key in self.keys.items()},
            "head": signing.public_of(self.head_private).hex(),
        }

    def sign(self, waiting: list[dict[str, str]], due: dict[str, int]) -> dict[str, str]:
        """Signatures for names not signed before, never more of a category than are due.

        The same value again gets the same answer, should the first have been lost on its way;
        another value under a name that was signed gets none: who asks wants a second token.
        """
        answers = {}
        for one in waiting:
            category, name, value = one["category"], one["name"], one["z"]
            if name in self.signed:
                if self.signed[name][1] == value:
                    answers[name] = self.signed[name][2]
                continue
            if category not in self.keys:
                continue
            given = sum(kept[0] == category for kept in self.signed.values())
            if given >= due.get(category, 0):
                raise Refused(
                    _(
                        "类别“%(code)s”要签的比名单上的人还多（名单 %(due)d 人），"
                        "签名站已停。请查名单。"
                    )
                    % {"code": category, "due": due.get(category, 0)}
                )
            try:
                signature = blind.sign(self.keys[category], bytes.fromhex(value)).hex()
            except (blind.Unsound, ValueError):
                continue  # no honest phone made this; it gets nothing
            self.signed[name] = [category, value, signature]
            answers[name] = signature
        if answers:
            self.keep()
        return answers


def asker(address: str) -> Ask:
    """Posts JSON under the vote's address; refusals become sentences."""
    base = address.split("#")[0].rstrip("/") + "/"

    def ask(door: str, said: dict[str, Any]) -> dict[str, Any]:
        request = Request(
            urljoin(base, door),
            data=json.dumps(said).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=_TIMEOUT_S) as answer:
                return dict(json.loads(answer.read(_LONGEST_ANSWER)))
        except HTTPError as fault:
            try:
                sentences = json.loads(fault.read(_LONGEST_ANSWER))["sentences"]
            except (ValueError, KeyError, TypeError):
                sentences = [_("平台答复 %(code)d。") % {"code": fault.code}]
            raise Refused.all(sentences) from None
        except (URLError, OSError, ValueError) as fault:
            raise Unreachable(
                _("连不上“%(address)s”：%(reason)s。") % {"address": base, "reason": fault}
            ) from None

    return ask


class Unreachable(Refused):
    """连不上：等一等再试。"""


@click.group(short_help=_("监票签名站"), help=_("会议：监票人自己的电脑上的签名站。"))
def meeting() -> None: ...


@meeting.command(
    "sign-station",
    short_help=_("作为第二签名人"),
    help=_(
        "在监票人自己的电脑上运行：另持一套密钥，给每张手机票补上第二个签名；每张只签一次，"
        "总数不超过名单。发票结束后等到计票，核对公布的结果，再会签。\n\n"
        "例：bihuan meeting sign-station https://主机/b/abcd2345/ --word ABCD-EFGH-JKMN"
    ),
)
@click.option("--lang", metavar="zh|en", expose_value=False, help=_("界面语言。"))
@click.argument("address")
@click.option("--word", required=True, help=_("会务台给出的接入码。"))
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("bihuan-station"),
    show_default=True,
    help=_("存放签名站密钥的目录。"),
)
def sign_station(address: str, word: str, home: Path) -> None:
    if urlsplit(address).scheme not in ("http", "https"):
        raise Refused(_("地址应以 http:// 或 https:// 开头。"))
    run(asker(address), codes.normal(word), Station.at(home / "station.json"))


def run(ask: Ask, word: str, station: Station, *, pause_s: float = PAUSE_S) -> None:
    """Join, then sign until issuing ends."""
    hello = ask("station/hello/", {"word": word})
    station.ready(hello["box"], sorted(hello["due"]))
    if hello["phase"] == "frozen":
        ask("station/keys/", {"word": word, **station.public()})
    click.echo(_("已接入“%(title)s”，等待签到发票。") % {"title": hello["title"]}, err=True)
    told = -1
    while True:
        try:
            state = ask("station/waiting/", {"word": word})
        except Unreachable as away:
            click.echo(str(away), err=True)
            time.sleep(pause_s * 10)
            continue
        if state["phase"] not in ("frozen", "issuing"):
            break
        if answers := station.sign(state["waiting"], state["due"]):
            ask("station/signed/", {"word": word, "signed": answers})
        if len(station.signed) != told:
            told = len(station.signed)
            click.echo(_("已会签 %(n)d 张手机票。") % {"n": told}, err=True)
        time.sleep(pause_s)
    click.echo(
        _("发票结束。本站共会签 %(n)d 张手机票；请与会务台公布的张数核对。")
        % {"n": len(station.signed)}
    )
    _cosign(ask, word, station, pause_s)


def _cosign(ask: Ask, word: str, station: Station, pause_s: float) -> None:
    """After the count: check everything that was published, then sign its final head as well."""
    click.echo(_("请一直开到计票以后，本站核对结果再会签。"), err=True)
    while True:
        try:
            told = ask("station/final/", {"word": word})
        except Unreachable as away:
            click.echo(str(away), err=True)
            time.sleep(pause_s * 10)
            continue
        if told["phase"] in ("counted", "done"):
            break
        time.sleep(pause_s * 4)
    found = [fault for check in verify(told["bundle"]) for fault in check.faults]
    wrong = [fault for fault in found if fault.code != _OWN_SIGNATURE_LACKS]
    if wrong:
        raise Refused.all([sentence(fault.code, fault.params) for fault in wrong])
    final = heads.Head.read(told["bundle"]["final"])
    mine = heads.signed(
        station.head_private, box=final.box, size=final.size, root=final.root, extra=final.extra
    )
    ask("station/cosign/", {"word": word, "head": mine.plain()})
    click.echo(
        _("已核对并会签箱头 %(root)s（%(n)d 票）。") % {"root": final.root.hex(), "n": final.size}
    )
