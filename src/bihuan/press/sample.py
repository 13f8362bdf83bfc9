"""The sample's papers and releases: one issued, one published and corrected, one on its way.

Generated, and says so; the figures of the releases are the published ones, with their scope.
"""

from django.db import transaction

from bihuan.base import clock
from bihuan.base.text import SAMPLE_MARK
from bihuan.people.queries import acting
from bihuan.press import services
from bihuan.press.models import Release

_BODY = (
    "近日，商务部完成了2021年国家级经济技术开发区综合发展水平考核评价工作，"
    "对217家国家级经开区2020年度综合发展水平情况进行考核评价。"
    "郑州经开区排名由第26位跃升至22位。\n"
    "2020年，经开区进出口总额(不含富士康结转)220亿元，同比增长91%；"
    "截至2020年末，经开区拥有高新技术企业195家。\n"
    f"{SAMPLE_MARK}：除上面公布的数以外，本稿为演示而写。"
)


@transaction.atomic
def load_sample() -> None:
    """Through the same verbs as everybody, each step by the post that would take it."""
    with clock.days_ago(12):
        first = _write("国家级经开区考核结果公布", _BODY)
    first = _published(first, 11)
    with clock.days_ago(6):
        newer = services.correct(
            first, by=acting("econ-liaison"), headline="国家级经开区考核结果公布（更正）",
            correction="补上专利的数，并写明截至时间。",
            body=_BODY.replace("195家。", "195家，每万人口发明专利拥有量为95件。"),
        )  # fmt: skip
    _published(newer, 5)
    with clock.days_ago(3):
        waiting = _write(
            "多措并举扫雪除冰",
            "自1月21日降雪以来，组建8支3970人的应急抢险队伍，出动扫雪车辆53台次，"
            f"推雪板、扫把5000余把。\n{SAMPLE_MARK}：本稿为演示而写。",
        )
    with clock.days_ago(2):
        services.pass_on(waiting, by=acting("econ-liaison"))
    _paper()


def _write(headline: str, body: str) -> Release:
    return services.write(
        by=acting("econ-liaison"), headline=headline, subheadline="", body=body,
        byline=f"{SAMPLE_MARK}通讯员", event_on=clock.today(), sample=True,
    )  # fmt: skip


def _published(release: Release, ago: int) -> Release:
    with clock.days_ago(ago):
        services.pass_on(release, by=acting("econ-liaison"))
        services.pass_on(release, by=acting("econ-head"), note="属实。")
        services.review(release, by=acting("clerk"), answers=services.codes(()), note="可以公开。")
        services.pass_on(release, by=acting("clerk"))
        return services.pass_on(release, by=acting("leader"), note="同意发布。")


def _paper() -> None:
    with clock.days_ago(9):
        paper = services.draft("notice", by=acting("clerk"), subject="做好今冬扫雪除冰工作")
        body = paper.text.partition("正文：")
        text = body[0].rstrip() + (
            "\n主送：各有关单位\n附注：此件公开发布\n\n正文：\n"
            f"{SAMPLE_MARK}：为做好今冬扫雪除冰工作，现通知如下。\n"
            "# 一、总体要求\n以雪为令，机械为主、人工为辅，先主干道、后背街小巷。\n"
            "# 二、责任分工\n## （一）主次干道\n各环卫市场化营运公司按片区负责。\n"
            "## （二）门前\n沿街商户落实门前五包责任制，及时清理门前积雪。\n"
            "# 三、工作要求\n各单位值班人员在岗在位，情况每日两报。\n"
        )
        services.edit_paper(paper, by=acting("clerk"), text=text)
    with clock.days_ago(8):
        services.issue(paper, by=acting("leader"))
