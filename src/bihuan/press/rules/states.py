"""States of papers and releases, what may follow what, and what may never leave: plain data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bihuan.base.text import zh


# Kinds of official papers → (name, form of the head, from which record it is filled).
@dataclass(frozen=True)
class Kind:
    """一种公文：名称、英文名、版头形式、由哪类记录填写（空的是自拟）。"""

    name: str
    name_en: str
    form: str = "document"
    source: str = ""


KINDS: Mapping[str, Kind] = {
    "notice": Kind(zh("通知"), "Notice"),
    "circular": Kind(zh("通报"), "Circular"),
    "scheme": Kind(zh("方案"), "Scheme"),
    "report": Kind(zh("报告"), "Report"),
    "letter": Kind(zh("函"), "Letter", "letter"),
    "minutes": Kind(zh("纪要"), "Minutes", "minutes"),
    "assign": Kind(zh("交办单"), "Assignment slip", source="finding"),
    "supervise": Kind(zh("督办单"), "Supervision slip", source="finding"),
    "urge": Kind(zh("催办单"), "Urging slip", source="finding"),
    "rectification": Kind(zh("整改方案"), "Rectification plan", source="unit"),
    "result": Kind(zh("测评结果单"), "Result sheet of a ballot", source="meeting"),
    "feedback": Kind(zh("测评反馈函"), "Feedback letter of a rating", "letter", "letter"),
    "design-minutes": Kind(zh("方案审查会议纪要"), "Minutes of a design review", "minutes",
                           "design-minutes"),
    "situation": Kind(zh("扫雪除冰情况报告"), "Situation report of a snow event",
                      source="situation"),
    "assessment": Kind(zh("年度考核评价报告"), "Yearly assessment report", source="run"),
}  # fmt: skip

PAPER_STATES = {
    "draft": zh("草稿"),
    "issued": zh("已印发"),
    "void": zh("已作废"),
}

RELEASE_STATES = {
    "draft": zh("草稿"),
    "unit": zh("待单位负责人审"),
    "office": zh("待办公室核"),
    "leader": zh("待领导签"),
    "published": zh("已发布"),
    "dropped": zh("已撤回"),
}
# Who passes a release on, and to where (handbook section 8): draft → unit head → office → leader.
CHAIN: Mapping[str, tuple[str, str]] = {
    "draft": ("press.write", "unit"),
    "unit": ("press.unit", "office"),
    "office": ("press.office", "leader"),
    "leader": ("press.publish", "published"),
}
STEPS = {
    "write": zh("起草"),
    "edit": zh("修改"),
    "submit": zh("送审"),
    "pass": zh("通过"),
    "return": zh("退回"),
    "review": zh("发布前审查"),
    "publish": zh("发布"),
    "drop": zh("撤回"),
}
# What a review before release asks (政府信息公开条例 14, 15, 16): each must be answered "no".
REVIEW = {
    "secret": zh("涉及国家秘密（第十四条）"),
    "trade": zh("涉及商业秘密或个人隐私（第十五条）"),
    "internal": zh("属于内部事务或过程性信息（第十六条）"),
}
# 政府信息公开条例 26: within twenty working days after the information came about.
DISCLOSED_WITHIN = 20

# Things that no release may be drawn from, whoever asks: by the label of the noun.
NEVER: Mapping[str, str] = {
    "ballots.": zh("选票、票证"),
    "meetings.letter": zh("给一个单位的测评结果"),
    "meetings.use": zh("测评结果的运用"),
    "reviews.criticism": zh("批评记录"),
    "reviews.material": zh("对照检查材料"),
    "reviews.": zh("民主生活会的材料"),
    "assessment.score": zh("没有公布的得分"),
    "fleet.": zh("车辆轨迹"),
    "people.": zh("人员和账号"),
    "ledger.": zh("台账里的问题和佐证"),
}
# That such a meeting was held, when and under which theme may be told; nothing that was said there.
TOLD = frozenset({"reviews.review"})
# What a text may not hold, wherever it was typed.
PRIVATE: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "mobile": (zh("手机号码"), re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")),
    "identity": (zh("身份证号码"), re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")),
    "account": (zh("银行账号"), re.compile(r"(?<!\d)\d{16}(?:\d{3})?(?!\d)")),
    "plate": (zh("车牌号码"), re.compile(r"[\u4e00-\u9fff][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Z0-9])")),
    "vote": (
        zh("个人的得票或得分"),
        re.compile(r"得票\s*\d|得分\s*\d|(?:好|较好|一般|差)票?\s*\d+\s*票"),
    ),
}  # fmt: skip


def forbidden(label: str) -> str:
    """What a noun holds that may never leave; empty for what may."""
    if label in TOLD:
        return ""
    for start, name in NEVER.items():
        if label == start or (start.endswith(".") and label.startswith(start)):
            return name
    return ""


def private(text: str) -> Iterator[tuple[str, str]]:
    """What of a text belongs to a person: its kind and its first letters, never the whole."""
    for name, pattern in PRIVATE.values():
        for found in pattern.finditer(text):
            yield name, f"{found.group()[:4]}…"
