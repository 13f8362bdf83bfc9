"""A hall without the product: the doors that a phone knocks at, over the engines, in memory.

It can be told to lose answers, to let the second signer be slow and to change its phase.
"""

import base64
import json
import mimetypes
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from bihuan.engines.tally import blind, codes, seal, signing

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/bihuan/ui/static"
BOX = bytes(range(16))
DOORS = ("right", "issue", "cast", "state", "bundle")
PAPER: dict[str, Any] = {
    "kind": "rating",
    "subjects": [
        {"code": "u1", "name": "示例局", "mode": "onsite"},
        {"code": "u2", "name": "示例办（园区企业服务中心）", "mode": "written"},
        {"code": "u3", "name": "示例公司", "mode": "onsite"},
    ],
    "items": [{"code": "duty", "name": "履职成效"}, {"code": "style", "name": "作风建设"}],
    "grades": [
        {"code": "good", "name": "好"},
        {"code": "fair", "name": "较好"},
        {"code": "plain", "name": "一般"},
        {"code": "poor", "name": "差"},
    ],
    "cap": {"grade": "good", "most": 1, "per": "item"},
    "own_subject": "skip",
    "blanks": "void_ballot",
    "abstain": True,
    "remarks": True,
    "remark_most": 500,
}


def leaf(blob: bytes) -> str:
    """The receipt of a sealed ballot."""
    return sha256(b"\0" + sha256("干部".encode() + b"\0" + blob).digest()).hexdigest()


@dataclass
class Hall:
    """会场：一类人员、两张手机票、两张纸票。"""

    words: dict[str, str]
    language: str = "zh-hans"
    paper: dict[str, Any] = field(default_factory=lambda: dict(PAPER))
    signers: int = 1
    phase: str = "issuing"
    lose: int = 0  # so many answers of the casting door get lost after the ballot is kept
    slow: int = 0  # so many times the second signer is not there yet
    forge: bool = False  # the signer answers with something else
    tickets: tuple[str, ...] = ("TCKT00000001", "TCKT00000002")
    slips: tuple[str, ...] = ("S11P00000001", "S11P00000002")

    def __post_init__(self) -> None:
        self.keys = [blind.new_key() for _ in range(self.signers)]
        self.seal_private, self.seal_public = seal.new_pair()
        self.signed: dict[str, tuple[list[str], list[str]]] = {}
        self.kept: dict[bytes, bytes] = {}  # spent right → sealed ballot
        self.asked: list[tuple[str, bytes]] = []
        self.cookies: list[str] = []
        self.lock = Lock()
        hall = self

        class Doors(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the standard library's name
                hall.answer(self, b"")

            def do_POST(self) -> None:  # the standard library's name
                hall.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Doors)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def ballots(self) -> list[dict[str, Any]]:
        """Every kept ballot, opened."""
        opened = (
            seal.unseal(self.seal_private, blob, box=BOX, category="干部")
            for blob in self.kept.values()
        )
        return [json.loads(plain) for plain in opened]

    def answer(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        path = door.path.partition("?")[0]
        if cookie := door.headers.get("Cookie"):
            self.cookies.append(cookie)
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            found = file.is_file()
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            self.say(door, 200 if found else 404, kind, file.read_bytes() if found else b"")
            return
        if path == "/b/hall/":
            self.say(door, 200, "text/html; charset=utf-8", self.page().encode())
            return
        name = path.rstrip("/").rpartition("/")[2]
        said = json.loads(body) if body else {}
        with self.lock:
            self.asked.append((name, body))
            status, told = getattr(self, f"on_{name}")(said)
            lost = name == "cast" and self.lose > 0
            if lost:
                self.lose -= 1
        if lost:
            door.close_connection = True
            return
        self.say(door, status, "application/json", json.dumps(told).encode())

    def say(self, door: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
        door.send_response(status)
        door.send_header("Content-Type", kind)
        door.send_header("Content-Length", str(len(body)))
        door.end_headers()
        door.wfile.write(body)

    def on_right(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        code = codes.normal(said["ticket"])
        for kind, known in (("ticket", self.tickets), ("slip", self.slips)):
            if code in known:
                return 200, {"kind": kind, "category": "干部"}
        return 404, {"sentences": ["没有这个票码。请核对后再输。"]}

    def on_issue(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        ticket = said["ticket"]
        if ticket not in self.signed:
            if self.phase != "issuing":
                return 409, {"sentences": ["发票已经结束。"]}
            values = [bytes.fromhex(value) for value in said["z"]]
            signed = [
                blind.sign(key, value).hex() for key, value in zip(self.keys, values, strict=True)
            ]
            self.signed[ticket] = (said["z"], signed)
        asked, signed = self.signed[ticket]
        if asked != said["z"]:
            return 409, {"sentences": ["这张票证已在另一部手机上激活。"]}
        if self.slow:
            self.slow -= 1
            return 202, {}
        if self.forge:
            return 200, {"category": "干部", "signatures": [one[:-2] + "00" for one in signed]}
        return 200, {"category": "干部", "signatures": signed}

    def on_cast(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.phase != "casting":
            return 410, {"sentences": ["现在不收票。"]}
        blob = base64.b64decode(said["blob"], validate=True)
        if "slip" in said:
            spent = codes.spent_slip(said["slip"])
        else:
            public = bytes.fromhex(said["pub"])
            message = blind.token_message(BOX, said["category"], public)
            prepared = blind.prepare(message, bytes.fromhex(said["prefix"]))
            signatures = [bytes.fromhex(one) for one in said["signatures"]]
            valid = [
                blind.verify(key.public, prepared, signature)
                for key, signature in zip(self.keys, signatures, strict=True)
            ]
            proof = bytes.fromhex(said["proof"])
            proved = signing.check(public, signing.cast_message(BOX, "干部", blob), proof)
            if not all(valid) or not proved:
                return 409, {"sentences": ["签名不成立。"]}
            spent = codes.spent_token(public)
        if self.kept.setdefault(spent, blob) != blob:
            return 409, {"sentences": ["这张票已经投过了，投的不是这一份。"]}
        return 200, {"receipt": leaf(blob), "size": len(self.kept), "root": "00", "signature": "00"}

    def on_state(self, _said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, {"phase": self.phase, "cast": 5 * (len(self.kept) // 5), "issued": 4}

    def on_bundle(self, _said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, {"leaves": [leaf(blob) for blob in self.kept.values()]}

    def page(self) -> str:
        declared = {
            **self.paper,
            "box": BOX.hex(),
            "slug": "hall",
            "title": "示例会议 2026 年度述职评议",
            "phase": self.phase,
            "categories": {
                "干部": {"name": "中层干部", "keys": [key.public.to_plain() for key in self.keys]}
            },
            "seal": self.seal_public.hex(),
            "words": self.words,
            "urls": {name: f"/b/hall/{name}/" for name in DOORS},
        }
        data = json.dumps(declared, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<title>示例</title><link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="/static/ui/house.css">'
            '<script type="module" src="/static/built/ballot.js"></script></head>'
            f'<body class="hall"><script type="application/json" id="ballot">{data}</script>'
            '<main id="main" data-ballot><h1>示例</h1><form method="post" action="/b/hall/slip/">'
            '<label>票码 <input name="code"></label><button>打开票面</button></form></main>'
            "</body></html>"
        )
