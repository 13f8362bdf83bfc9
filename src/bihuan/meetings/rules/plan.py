"""The plan of an evaluation meeting (测评方案): its fields and tables, what it starts with.

A plan is one plain document. What the source page tells (three rated items, two modes of reporting)
and what is only usual elsewhere (grades, points, weights, limits) are both rows that an office
edits; nothing of it is a constant of the program. Handbook section 2, marks [S], [K], [P].
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, Literal

from bihuan.base.text import zh

Document = Mapping[str, Any]
Kind = Literal["text", "long", "date", "whole", "number", "choice", "flag", "code"]

HALVES = {"am": zh("上午"), "pm": zh("下午"), "day": zh("全天")}
# From when to when, for notice, agenda and calendars.
HOURS = {
    "am": (time(9), time(12)),
    "pm": (time(14), time(17, 30)),
    "day": (time(9), time(17, 30)),
}
MODES = {"onsite": zh("现场述职"), "written": zh("书面述职")}
OWN = {"skip": zh("不评本单位"), "allowed": zh("可评本单位")}
BLANKS = {
    "void_item": zh("空白的一项作废，其余有效"),
    "void_ballot": zh("有空白的整张票作废"),
    "count": zh("空白单独计数，票有效"),
}
METHODS = {
    "points": zh("按等次折分，加权平均"),
    "share": zh("按“好”的比例"),
    "rank": zh("按名次"),
}
PER = {"item": zh("每个测评项"), "ballot": zh("整张票")}
CAP_VOID = {"ballot": zh("整张票作废"), "item": zh("只作废超限的那一项")}
SEALS = {"house": zh("由平台保管，核对期满销毁"), "shares": zh("分给几个监票人保管")}
USES = {
    "commend": zh("通报表扬"),
    "talk": zh("约谈"),
    "rectify": zh("限期整改"),
    "no_award": zh("当年不评优"),
}
# Each preset is a chain of tests, tried in turn; `first` and `last` stand for codes of the plan.
TIES = {
    "share": zh("“好”的比例高者在前，仍相同的并列"),
    "fewest": zh("“好”的比例，再看最低等次少者在前，仍相同的并列"),
    "item": zh("第一个测评项得分高者在前，仍相同的并列"),
    "majority": zh("按多数判断，仍相同的并列"),
    "shared": zh("并列"),
}
TIE_CHAINS: Mapping[str, tuple[str, ...]] = {
    "share": ("share", "shared"),
    "fewest": ("share", "fewest:{last_grade}", "shared"),
    "item": ("item:{first_item}", "share", "shared"),
    "majority": ("majority", "shared"),
    "shared": ("shared",),
}


@dataclass(frozen=True)
class Field:
    """One field of a plan outside its tables."""

    code: str
    label: str
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""  # a table of the plan whose codes are the choices
    least: int = 0
    most: int = 1000
    required: bool = True
    help: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table of a plan."""

    code: str
    label: str
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    least: int = 0
    most: int = 100_000
    required: bool = True


@dataclass(frozen=True)
class Table:
    """One table of a plan: its columns, and a sentence that says what it is for."""

    label: str
    intro: str
    columns: tuple[Column, ...]


_CODE = Column("code", zh("代码"), "code")
_NAME = Column("name", zh("名称"))
_NAME_EN = Column("name_en", zh("英文名称"), required=False)
_WEIGHT = Column("weight", zh("权重"), "number")

TABLES: Mapping[str, Table] = {
    "items": Table(
        zh("测评项"),
        zh("每项分别计分、分别公布给被评单位，不合并。权重只用于综合评价里“现场测评”这一部分。"),
        (_CODE, _NAME, _NAME_EN, _WEIGHT),
    ),
    "grades": Table(
        zh("等次"),
        zh(
            "分值和等次下限是通行做法，各地不同，以正式方案为准。综合得分不低于下限的，进入该等次。"
        ),
        (
            _CODE,
            _NAME,
            _NAME_EN,
            Column("points", zh("分值"), "number", most=1000),
            Column("least", zh("等次下限"), "number", most=1000),
        ),
    ),
    "categories": Table(
        zh("投票人类别"),
        zh("每类先算平均，再按权重合成；领票人数不到最小格数的，并入所写的类别。"),
        (
            _CODE,
            _NAME,
            _NAME_EN,
            _WEIGHT,
            Column("merge_into", zh("人少时并入"), "choice", of="categories", required=False),
        ),
    ),
    "parts": Table(
        zh("综合评价的组成"),
        zh(
            "全国没有统一的百分比，以正式方案为准。权重为 0 的部分不计入。"
            "代码为 ballot 的是现场测评。"
        ),
        (_CODE, _NAME, _NAME_EN, _WEIGHT),
    ),
    "uses": Table(
        zh("结果运用"),
        zh("哪一等次要做什么、几天内办完。"),
        (
            Column("grade", zh("等次"), "choice", of="grades"),
            Column("use", zh("做什么"), "choice", USES),
            Column("days", zh("几天内"), "whole", least=1, most=366),
        ),
    ),
}

FIELDS: Mapping[str, Field] = {
    one.code: one
    for one in (
        Field("title", zh("会议名称")),
        Field("title_en", zh("英文名称"), required=False),
        Field("basis", zh("依据"), "long", required=False, help=zh("哪份办法、哪个通知。")),
        Field("held_on", zh("会议日期"), "date"),
        Field("half", zh("时段"), "choice", HALVES),
        Field("place", zh("地点"), required=False),
        Field("reports_due", zh("述职报告截止"), "date", help=zh("有的地方要求会前十日。")),
        Field("report_minutes", zh("每个述职（分钟）"), "whole", least=1, most=120),
        Field("comment_minutes", zh("每个点评（分钟）"), "whole", least=1, most=60),
        Field("rate_written", zh("书面述职的单位也测评"), "flag"),
        Field("own", zh("本单位"), "choice", OWN),
        Field("blanks", zh("空白"), "choice", BLANKS),
        Field("abstain", zh("可以弃权"), "flag"),
        Field("remarks", zh("可以写意见"), "flag"),
        Field(
            "cap_grade",
            zh("限额的等次"),
            "choice",
            of="grades",
            required=False,
            help=zh("不设限额就不选。"),
        ),
        Field("cap_most", zh("限额（个）"), "whole", least=0, most=500, required=False),
        Field("cap_per", zh("限额按"), "choice", PER),
        Field("cap_void", zh("超过限额的纸质票"), "choice", CAP_VOID),
        Field("method", zh("计分方法"), "choice", METHODS),
        Field("ties", zh("名次相同时"), "choice", TIES),
        Field(
            "min_cell",
            zh("最小格数"),
            "whole",
            least=3,
            most=50,
            help=zh("一个类别的有效票少于此数的，不公布该类别的结果。"),
        ),
        Field("decimals", zh("得分保留小数"), "whole", least=0, most=4),
        Field(
            "signers",
            zh("发票签名方"),
            "whole",
            least=1,
            most=2,
            help=zh("2：平台之外，监票人的电脑也要签名。"),
        ),
        Field(
            "seal",
            zh("票箱密钥"),
            "choice",
            SEALS,
            help=zh(
                "不评本单位的，请分给几个人保管：封存以前，能开箱的人由“本单位”这一格"
                "认得出有些票是谁的。"
            ),
        ),
        Field("share_need", zh("开箱需几份密钥"), "whole", least=2, most=9),
        Field("share_of", zh("密钥共分几份"), "whole", least=2, most=9),
        Field("check_days", zh("核对期（天）"), "whole", least=1, most=60),
        Field("feedback_days", zh("反馈期限（天）"), "whole", least=1, most=120),
        Field("plan_days", zh("整改方案报送期限（天）"), "whole", least=1, most=180),
    )
}
# How the fields are asked for, a page each.
SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "basics": (
        zh("会议"),
        ("title", "title_en", "basis", "held_on", "half", "place"),
    ),
    "course": (
        zh("述职和期限"),
        (
            "reports_due", "report_minutes", "comment_minutes", "check_days", "feedback_days",
            "plan_days",
        ),
    ),
    "rules": (
        zh("测评规则"),
        (
            "rate_written", "own", "blanks", "abstain", "remarks", "cap_grade", "cap_most",
            "cap_per", "cap_void", "method", "ties", "min_cell", "decimals",
        ),
    ),
    "box": (zh("票箱"), ("signers", "seal", "share_need", "share_of")),
}  # fmt: skip

_ITEMS = (
    ("building", zh("抓基层党建工作"), "Party building at the grass roots"),
    ("integrity", zh("落实党风廉政建设责任制"), "Responsibility for clean conduct"),
    ("ideology", zh("落实意识形态工作责任制"), "Responsibility for ideological work"),
)
_GRADES = (
    ("good", zh("好"), "Good", "100", "90"),
    ("fair", zh("较好"), "Fairly good", "80", "75"),
    ("average", zh("一般"), "Average", "60", "60"),
    ("poor", zh("差"), "Poor", "40", "0"),
)
_CATEGORIES = (
    ("body", zh("领导班子成员"), "Leading body", "40", "heads"),
    ("heads", zh("单位主要负责人"), "Heads of units", "30", ""),
    ("delegates", zh("党员和群众代表"), "Delegates of members and residents", "30", ""),
)
_PARTS = (
    ("ballot", zh("现场测评"), "On-site rating", "40"),
    ("everyday", zh("平时了解"), "Everyday knowledge", "20"),
    ("survey", zh("调查核实"), "Survey and check", "20"),
    ("building", zh("党建考核"), "Party-building assessment", "20"),
)
_USES = (
    ("good", "commend", 30),
    ("average", "talk", 15),
    ("average", "rectify", 60),
    ("average", "no_award", 30),
    ("poor", "talk", 10),
    ("poor", "rectify", 30),
    ("poor", "no_award", 30),
)


def _rows(codes: Sequence[str], lines: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(codes, line, strict=True)) for line in lines]


def starting(year: int, held_on: date) -> dict[str, Any]:
    """A plan to begin with: the page's three items and two modes, usual practice for the rest."""
    return {
        "year": year,
        "title": f"{year}年度党（工）委书记抓基层党建工作述职评议会",
        "title_en": f"Evaluation meeting of party secretaries on party building, {year}",
        "basis": "",
        "held_on": held_on.isoformat(),
        "half": "am",
        "place": "",
        "reports_due": (held_on - timedelta(days=10)).isoformat(),
        "report_minutes": 8,
        "comment_minutes": 3,
        "rate_written": True,
        "own": "skip",
        "blanks": "void_item",
        "abstain": True,
        "remarks": True,
        "cap_grade": "",
        "cap_most": "",
        "cap_per": "item",
        "cap_void": "ballot",
        "method": "points",
        "ties": "share",
        "min_cell": 5,
        "decimals": 2,
        "signers": 1,
        "seal": "house",
        "share_need": 2,
        "share_of": 3,
        "check_days": 7,
        "feedback_days": 15,
        "plan_days": 30,
        "units": [],
        "items": [
            {"code": code, "name": name, "name_en": name_en, "weight": "1"}
            for code, name, name_en in _ITEMS
        ],
        "grades": _rows(("code", "name", "name_en", "points", "least"), _GRADES),
        "categories": _rows(("code", "name", "name_en", "weight", "merge_into"), _CATEGORIES),
        "parts": _rows(("code", "name", "name_en", "weight"), _PARTS),
        "uses": _rows(("grade", "use", "days"), _USES),
    }


def applies(document: Document, code: str) -> bool:
    """Does this field say anything in this plan? A limit of no grade and shares of none do not."""
    if code in ("cap_most", "cap_per", "cap_void"):
        return bool(document["cap_grade"])
    return document["seal"] == "shares" or code not in ("share_need", "share_of")


def copied(document: Document, year: int, held_on: date) -> dict[str, Any]:
    """Last year's plan as this year's draft: new year and dates, everything else as it was."""
    fresh = starting(year, held_on)
    was = date.fromisoformat(document["held_on"]) - date.fromisoformat(document["reports_due"])
    dated = {
        "year": year,
        "title": str(document["title"]).replace(str(document["year"]), str(year)),
        "title_en": str(document["title_en"]).replace(str(document["year"]), str(year)),
        "held_on": held_on.isoformat(),
        "reports_due": (held_on - was).isoformat(),
    }
    return {**fresh, **document, **dated}


def canonical(document: Document) -> str:
    """The plan with one possible spelling."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: Document) -> str:
    """SHA-256 of the canonical plan, hex."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def rated(document: Document) -> list[Mapping[str, Any]]:
    """The units that the ballot lists."""
    units = document["units"]
    return [one for one in units if one["mode"] == "onsite" or document["rate_written"]]
