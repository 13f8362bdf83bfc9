"""The step library and the settings that an office starts with: data, edited afterwards.

Handbook section 3. `grade` says how sure a row is, as in the handbook: S stands on the source page,
W public web page, K own knowledge to verify, P common practice to verify, O the office's own rule.
A rule that says only 日 does not say which days: such a row is entered as natural days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.base.text import zh

PHASES = {"before": zh("会前"), "sitting": zh("会中"), "after": zh("会后")}
DAY_UNITS = {"working": zh("个工作日"), "natural": zh("个自然日")}
GRADES = {
    "S": zh("公开报道的会议"),
    "W": zh("公开报道，待核实"),
    "K": zh("待核实"),
    "P": zh("通行做法，待核实"),
    "O": zh("本单位规定"),
}

RULES_2016 = zh("《县以上党和国家机关党员领导干部民主生活会若干规定》（2016 年）")
ELSEWHERE = zh("外地做法（公开报道）")
PRACTICE = zh("通行做法")
REPORTED = zh("公开报道")


@dataclass(frozen=True)
class StepPlan:
    """一个步骤：在会前、会中还是会后，离会议日几天，要什么材料，依据什么。

    `days` count back from the meeting before it, and forward after it; `paper` says whether the
    step is done only with a document.
    """

    code: str
    phase: str
    name: str
    name_en: str
    days: int
    unit: str
    documents: str
    source: str
    grade: str
    paper: bool = False
    note: str = ""


DEFAULTS = (
    StepPlan("study", "before", "集中学习研讨", "Study and discussion", 14, "natural",
             zh("学习研讨记录"), PRACTICE, "P"),
    StepPlan("plan", "before", "会议方案报上级", "Plan reported to the superior", 15, "natural",
             zh("会议方案"), ELSEWHERE, "W", paper=True,
             note=zh("一地旧规为 15 日，也有 10 日的通行做法；须询问。")),
    StepPlan("opinions", "before", "广泛征求意见", "Opinions collected", 10, "natural",
             zh("意见汇总"), PRACTICE, "P"),
    StepPlan("talks", "before", "谈心谈话", "Heart-to-heart talks", 5, "natural",
             zh("谈话记录"), PRACTICE, "P"),
    StepPlan("checks", "before", "撰写对照检查材料", "Check materials written", 5, "natural",
             zh("班子和个人的对照检查材料"), PRACTICE, "P"),
    StepPlan("guidance", "before", "指导组审阅材料", "Materials reviewed by the guidance group", 2,
             "natural", zh("审阅意见"), REPORTED, "W"),
    StepPlan("attendance", "sitting", "签到，核对到会人数", "Attendance and quorum", 0, "natural",
             zh("签到表"), RULES_2016, "W"),
    StepPlan("agenda", "sitting", "按议程开会", "Agenda followed", 0, "natural",
             zh("议程"), PRACTICE, "P"),
    StepPlan("criticism", "sitting", "记录批评意见", "Criticism recorded", 3, "natural",
             zh("批评意见记录"), PRACTICE, "P"),
    StepPlan("judgement", "sitting", "指导组点评", "Comment of the guidance group", 3, "natural",
             zh("点评"), PRACTICE, "P"),
    StepPlan("minutes", "sitting", "会议记录", "Minutes", 3, "natural",
             zh("会议记录"), PRACTICE, "P", paper=True),
    StepPlan("problems", "after", "问题清单入台账", "Problem list put into the ledger", 7,
             "natural", zh("问题清单"), PRACTICE, "P"),
    StepPlan("rectification", "after", "制定整改方案", "Rectification plan", 15, "natural",
             zh("整改方案"), PRACTICE, "P"),
    StepPlan("report", "after", "会议情况和会议记录报上级", "Report and minutes to the superior",
             15, "natural", zh("会议情况报告"), RULES_2016, "K", paper=True),
    StepPlan("notice", "after", "在一定范围内通报", "Notice within a set circle", 14, "natural",
             zh("通报"), ELSEWHERE, "W", paper=True),
    StepPlan("absent", "after", "向缺席成员转告", "Absent members told", 7, "natural",
             zh("转告记录"), PRACTICE, "K"),
    StepPlan("cascade", "after", "指导下级民主生活会", "Lower bodies guided", 30, "natural",
             zh("下级民主生活会安排"), PRACTICE, "P"),
)  # fmt: skip


@dataclass(frozen=True)
class SettingPlan:
    """一项规则：叫什么、起始的值、依据。"""

    name: str
    value: Any
    source: str
    grade: str


SETTINGS: Mapping[str, SettingPlan] = {
    "quorum": SettingPlan(zh("到会人数下限"), {"part": 2, "whole": 3}, RULES_2016, "W"),
    # Once a year, normally in the fourth quarter; outside it the superior must consent.
    "window": SettingPlan(
        zh("年度会议的时间"), {"first": "10-01", "last": "12-31"}, RULES_2016, "W"
    ),
    "judgements": SettingPlan(
        zh("指导组评价的项目"),
        [
            ["preparation", "准备工作扎实充分", "Preparation sound and full"],
            ["problems", "查摆问题深刻", "Problems found in depth"],
            ["criticism", "批评和自我批评严肃认真", "Criticism and self-criticism in earnest"],
            ["measures", "整改措施具体细致", "Measures concrete and detailed"],
            ["overall", "达到预期目的", "Purpose reached"],
        ],
        "公开报道的会议",
        "S",
    ),
    "grades": SettingPlan(
        zh("评价的等次"),
        [
            ["good", "好", "Good"],
            ["fair", "较好", "Fairly good"],
            ["average", "一般", "Average"],
            ["poor", "差", "Poor"],
        ],
        PRACTICE,
        "K",
    ),
}
