"""The limits an office starts with: plain data, entered by `services.load_defaults`, then its own.

Handbook sections 7 (legal limits) and 4 (supervision; example limits, W11). `grade` says how sure
a row is, as in the handbook: L statute text read, K own knowledge to verify, P practice, W press.
Where a statute says only 日, nobody here may decide that it means working days: it is entered as
natural days and says 须询问.
"""

from dataclasses import dataclass

from bihuan.base.text import zh

GRADES = {
    "L": zh("法规原文"),
    "K": zh("待核实"),
    "P": zh("通行做法，待核实"),
    "W": zh("公开报道，待核实"),
    "O": zh("本单位规定"),
}
BOUNDS = {"most": zh("不超过"), "least": zh("不少于")}

ABROAD = "外地督办做法（公开报道）"
ASK = zh("法规只写“日”，未写明是工作日还是自然日，须询问。")
EXAMPLE = zh("外地做法，只作起点；是工作日还是自然日须询问。")


@dataclass(frozen=True)
class Limit:
    """One row as it is loaded; the fields are those of `models.LegalLimit`."""

    code: str
    name: str
    name_en: str
    number: int
    unit: str
    source: str
    grade: str = "L"
    bound: str = "most"
    note: str = ""


DEFAULTS = (
    # Supervision, section 4.
    Limit("urgent", "急件交办", "Urgent instruction", 5, "natural", ABROAD, "W",
          note=zh("外地做法为 1 至 5 日，由交办人在其中确定；是工作日还是自然日须询问。")),
    Limit("ordinary", "一般事项交办", "Ordinary instruction", 15, "natural", ABROAD, "W",
          note=EXAMPLE),
    Limit("hard", "疑难事项交办", "Difficult instruction", 30, "natural", ABROAD, "W",
          note=EXAMPLE),
    Limit("document", "文件交办", "Instruction by document", 30, "natural", ABROAD, "W",
          note=EXAMPLE),
    Limit("minutes", "会议纪要交办", "Instruction by minutes", 20, "natural", ABROAD, "W",
          note=EXAMPLE),
    Limit("objection", "对督查结论申请复核", "Objection to a supervision conclusion", 30, "natural",
          "《政府督查工作条例》第 17 条", note=ASK),
    Limit("objection_decision", "作出复核决定", "Decision on an objection", 30, "natural",
          "《政府督查工作条例》第 17 条", note=ASK),
    # Licences in general, section 7.
    Limit("licence", "行政许可决定", "Licence decision", 20, "working",
          "《行政许可法》第 42、82 条",
          note=zh("听证、专家评审等所需时间不计算在内（第 45 条）。")),
    Limit("licence_extension", "行政许可决定延长", "Licence decision, extension", 10, "working",
          "《行政许可法》第 42、82 条", note=zh("延长须把理由告知申请人。")),
    Limit("licence_delivery", "颁发、送达许可证件", "Delivery of the licence", 10, "working",
          "《行政许可法》第 44、82 条"),
    # Investment projects.
    Limit("approval", "企业投资项目核准", "Approval of an enterprise project", 20, "working",
          "《企业投资项目核准和备案管理条例》第 10 条"),
    Limit("approval_extension", "项目核准延长", "Project approval, extension", 40, "working",
          "《企业投资项目核准和备案管理条例》第 10 条"),
    Limit("approval_evaluation", "核准前委托评估", "Evaluation before approval", 30, "working",
          "《企业投资项目核准和备案管理条例》第 9 条", "K",
          note=zh("不计入核准期限；手册未写明单位，按工作日录入，须询问。")),
    Limit("approval_start", "核准后开工", "Start of work after approval", 2, "year",
          "《企业投资项目核准和备案管理条例》第 12 条"),
    Limit("approval_start_extension", "核准文件延期开工", "Start of work, extension", 1, "year",
          "《企业投资项目核准和备案管理条例》第 12 条", note=zh("只可延期一次。")),
    Limit("small_project", "小型低风险项目全流程审批", "Whole flow, small low-risk project", 15,
          "working", "《河南省优化营商环境条例》第 42 条", note=zh("这是承诺办结的时限。")),
    # Planning.
    Limit("site_opinion", "选址意见书", "Site selection opinion", 30, "natural",
          "《郑州市城乡规划条例》第 39 条", note=ASK),
    Limit("land_permit", "建设用地规划许可证", "Land use planning permit", 30, "natural",
          "《郑州市城乡规划条例》第 39 条", note=ASK),
    Limit("design_brief", "规划设计要点", "Planning design brief", 15, "natural",
          "《郑州市城乡规划条例》第 41 条", note=ASK),
    Limit("public_notice", "规划设计方案公示", "Public notice of a design scheme", 10, "natural",
          "《郑州市城乡规划条例》第 52、86 条", bound="least",
          note=zh("公示时间不计入审批时限。法规只写“日”，须询问。")),
    Limit("works_permit", "建设工程规划许可证", "Works planning permit", 30, "natural",
          "《郑州市城乡规划条例》第 44 条", note=ASK),
    Limit("line_check", "验线", "Checking the lines set out", 5, "natural",
          "《郑州市城乡规划条例》第 56 条", note=ASK),
    Limit("planning_check", "规划核实", "Verification against the permit", 20, "natural",
          "《郑州市城乡规划条例》第 57 条", note=ASK),
    # Environment and building.
    Limit("impact_report", "环境影响报告书审批", "Impact report, approval", 60, "natural",
          "《环境影响评价法》第 22 条", note=ASK),
    Limit("impact_form", "环境影响报告表审批", "Impact form, approval", 30, "natural",
          "《环境影响评价法》第 22 条", note=ASK),
    Limit("building_permit", "施工许可证", "Building permit", 7, "natural",
          "《建筑法》第 8 条", note=ASK),
    Limit("building_start", "领取施工许可证后开工", "Start after the building permit", 3, "month",
          "《建筑法》第 9 条"),
    Limit("building_start_extension", "施工许可延期开工", "Building start, extension", 3, "month",
          "《建筑法》第 9 条", note=zh("最多延期两次，每次不超过三个月。")),
    Limit("completion_filing", "竣工验收备案", "Filing after completion", 15, "natural",
          "《建设工程质量管理条例》第 49 条", note=ASK),
    Limit("completion_papers", "报送竣工规划资料", "Planning papers after completion", 6, "month",
          "《城乡规划法》第 45 条"),
)  # fmt: skip
