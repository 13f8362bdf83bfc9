"""One small sample of each paper, with everything filled in."""

from decimal import Decimal

from bihuan.exchange.paper.document import Column, Document, Table
from bihuan.exchange.paper.letter import FeedbackLetter, ItemFeedback, feedback_letter
from bihuan.exchange.paper.meeting import (
    Agenda,
    AgendaItem,
    Attendee,
    Notice,
    Plan,
    Rectification,
    RectificationPlan,
    Section,
    SignInSheet,
    agenda,
    notice,
    plan,
    rectification_plan,
    sign_in_sheet,
)
from bihuan.exchange.paper.result import (
    ItemTable,
    Reckoning,
    ResultSheet,
    SignedHead,
    UnitRow,
    result_sheet,
)
from bihuan.exchange.paper.shares import KeyShare, ShareSheets, share_sheets
from bihuan.exchange.paper.slips import (
    PaperBallots,
    SlipSheet,
    Ticket,
    TicketSheet,
    VotingSlip,
    check_in_tickets,
    paper_ballots,
    voting_slips,
)

MEETING = "2021 年度述职评议会"
DATE = "2022 年 1 月 26 日"
UNITS = ("赟堃昇街道办事处", "规划建设局", "经济发展局")
GRADES = ("好", "较好", "一般", "差")
SLIPS = (
    VotingSlip("7K4M-92QX", "HTTPS://HALL/P/7K4M92QX", "领导班子成员"),
    VotingSlip("H3TD-6WPN", "HTTPS://HALL/P/H3TD6WPN", "党员代表"),
)
RESULT = ResultSheet(
    meeting=MEETING,
    date_text=DATE,
    items=(
        ItemTable(
            "抓基层党建工作",
            GRADES,
            (
                UnitRow(UNITS[0], (301, 102, 33, 4), (5, 6, 7), Decimal("91.25"), 1, "优等"),
                UnitRow(UNITS[1], ("不足 5", 8, 9, 10), (11, 12, 13), "80.00", 2, "良等", "补正"),
            ),
            note="按有效票计算。",
        ),
        ItemTable("意识形态工作责任制", GRADES, (UnitRow(UNITS[2], (1, 2, 3, 4), (0, 0, 0)),)),
    ),
    reckoning=(
        Reckoning("领导班子成员", 9, 8, 8, 7, 0, 0, 1),
        Reckoning("合计", 500, 465, 464, 457, 5, 3, 8, total=True),
    ),
    head=SignedHead("9f" * 32, 457, "a1" * 64, "11:42", "c0ffee" * 10, "HTTPS://HALL/V/9F"),
    statement="核对无差。",
    place="一楼会议室",
    organiser="党群工作部",
    method=("四等分别计 100、80、60、40 分。", "得分相同的并列。"),
    composite=ItemTable("综合评价等次", (), (UnitRow(UNITS[0], (), band="特等"),), ()),
    audit_root="77aa" * 16,
    mark="示例数据",
)
BALLOTS = PaperBallots(MEETING, DATE, SLIPS, UNITS * 14, ("党建", "廉政"), GRADES, mark="示例数据")

INPUTS = {
    result_sheet: RESULT,
    feedback_letter: FeedbackLetter(
        number="〔2022〕3 号",
        to="规划建设局党支部",
        meeting=MEETING,
        date_text=DATE,
        items=(ItemFeedback("抓基层党建工作", "90.57", 3, "较好", "高于平均"),),
        comments=("办法不多。",),
        problems=("形式单一。", "督导不够。"),
        request="请于一个月内报整改方案。",
        issuer="党群工作部",
        issued_on="2022 年 1 月 28 日",
        composite="较好",
        audit_root="77aa" * 16,
        mark="示例数据",
    ),
    voting_slips: SlipSheet(MEETING, DATE, SLIPS, mark="示例数据"),
    paper_ballots: BALLOTS,
    check_in_tickets: TicketSheet(
        MEETING,
        DATE,
        "一楼会议室",
        (Ticket("QD-0001", "HTTPS://HALL/C/1", "联络员", "规划建设局", "党员代表", "3 排 5 号"),),
        "示例数据",
    ),
    share_sheets: ShareSheets(
        MEETING,
        DATE,
        (
            KeyShare(1, "第一监票岗", " ".join(["0123-4567-89ab-cdef"] * 4)),
            KeyShare(2, "第二监票岗", " ".join(["fefe-fefe-fefe-fefe"] * 4)),
        ),
        2,
        "c0ffee" * 10,
        "示例数据",
    ),
    plan: Plan(
        "述职评议考核方案",
        "〔2022〕1 号",
        "制定本方案。",
        (
            Section(
                "一、测评人员",
                ("分两类。",),
                Table((Column("类别"), Column("权重", align="right")), (("班子成员", "40%"),)),
            ),
        ),
        "党群工作部",
        DATE,
        "77aa" * 16,
        "示例数据",
    ),
    notice: Notice(
        "关于召开会议的通知",
        "〔2022〕2 号",
        "各述职单位",
        "现将有关事项通知如下。",
        (
            Section(
                "一、时间和地点",
                ("上午九时。",),
                Table((Column("次序"), Column("单位")), (("1", "示例单位"),)),
            ),
        ),
        "党群工作部",
        DATE,
        "示例数据",
    ),
    sign_in_sheet: SignInSheet(
        MEETING,
        DATE,
        "一楼会议室",
        (Attendee("联络员", "科长", "规划建设局", "8:51"),),
        40,
        27,
        "示例数据",
    ),
    agenda: Agenda(
        MEETING,
        DATE,
        "第二会议室",
        "党工委书记",
        (AgendaItem("9:15", "领导班子对照检查", "班子代表", 20),),
        "办公室秘书",
        ("材料会后收回。",),
        "示例数据",
    ),
    rectification_plan: RectificationPlan(
        "整改方案",
        "领导班子",
        DATE,
        (Rectification("调研不深。", "每月两次。", "办公室", "主任", "6 月底", "限期"),),
        "逐条如下。",
        audit_root="77aa" * 16,
        mark="示例数据",
    ),
}


def documents() -> list[Document]:
    """Each sample laid out."""
    return [lay_out(paper) for lay_out, paper in INPUTS.items()]
