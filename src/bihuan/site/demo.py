"""示例分区：机构取自公开报道，账号以岗位命名，不含任何真实或虚构的姓名。

The sample zone. Its organisations stand on the published page; posts are named after what they
do. Everything here goes through the same verbs as in an office, with the system as the doer.
"""

from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from bihuan.assessment import services as assessment
from bihuan.base.text import SAMPLE_MARK, zh
from bihuan.days import services as days
from bihuan.designs import services as designs
from bihuan.facts import services as facts
from bihuan.people import queries as people_queries
from bihuan.people import services as people
from bihuan.people.models import Person, Role, Unit
from bihuan.projects import services as projects

SAMPLE_PAGE = Path(__file__).resolve().parents[1] / "facts" / "samples" / "zone_page.json"
PASSWORD = "shili-shuju-2026"  # printed at every start of the sample zone


class UnitPlan(NamedTuple):
    """A unit and its superiors on the party and on the administrative line."""

    code: str
    name: str
    name_en: str
    kind: str
    party: str = ""
    admin: str = ""
    contract: str = ""
    aliases: tuple[str, ...] = ()


ZONE = UnitPlan(
    "zone",
    "郑州经开区",
    "Zhengzhou ETDZ",
    "zone",
    aliases=("经开区", "郑州经济技术开发区"),
)
SAMPLE_UNITS = (
    UnitPlan("city", "郑州市", "Zhengzhou City", "city"),
    UnitPlan("all-zones", "国家级经开区", "National ETDZs", "population"),
    UnitPlan("mofcom", "商务部", "Ministry of Commerce", "superior"),
    UnitPlan("airport", "航空港实验区管委会", "Airport Economy Zone Committee", "superior"),
    UnitPlan("guides", "市委巡回指导组", "City Guidance Group", "guidance_group"),
    UnitPlan("party", "经开区党工委", "Party Working Committee", "party_working_committee", "zone"),
    UnitPlan("admin", "经开区管委会", "Administration Committee", "admin_committee", "", "zone"),
    UnitPlan("office", "党政办公室", "General Office", "bureau", "organs", "admin"),
    UnitPlan("supervision", "督查考核办公室", "Supervision Office", "bureau", "organs", "admin"),
    UnitPlan("discipline", "纪检监察工委", "Discipline Committee", "bureau", "party"),
    UnitPlan("organs", "机关党委", "Organs Party Committee", "party_committee", "party"),
    UnitPlan(
        "economy",
        "经济发展局",
        "Economic Development Bureau",
        "bureau",
        "organs",
        "admin",
        aliases=("经发局", "统计局"),
    ),
    UnitPlan("planning", "规划建设局", "Planning Bureau", "bureau", "organs", "admin"),
    UnitPlan(
        "education",
        "教文体局",
        "Education, Culture and Sports Bureau",
        "bureau",
        "party",
        "admin",
        aliases=("教文体局党委",),
    ),
    UnitPlan(
        "enforcement",
        "综合行政执法局",
        "Law Enforcement Bureau",
        "bureau",
        "organs",
        "admin",
        aliases=("执法局",),
    ),
    UnitPlan("bonded", "经开综合保税区", "Comprehensive Bonded Zone", "park", "party", "admin"),
    UnitPlan("logistics", "国际物流园区", "International Logistics Park", "park", "party", "admin"),
    UnitPlan(
        "investment",
        "经开投发",
        "Zone Investment & Development",
        "soe",
        "party",
        "admin",
        aliases=("经开投发党委",),
    ),
    UnitPlan(
        "sanitation",
        "环卫市场化营运公司",
        "Sanitation Operators",
        "contractor",
        contract="enforcement",
    ),
)


class RolePlan(NamedTuple):
    """A role as the house starts with it; an office edits it afterwards."""

    code: str
    name: str
    name_en: str
    reach: str
    verbs: tuple[str, ...]


_READ = (
    "people.view",
    "facts.view",
    "ledger.view",
    "days.view",
    "assessment.view",
    "meetings.view",
    "projects.view",
    "designs.view",
    "press.view",
    "roads.view",
)
_OWN = (
    *_READ,
    "ledger.acknowledge",
    "ledger.plan",
    "ledger.submit",
    "meetings.report",
    "projects.report",
    "designs.comment",
    "winter.view",
    "snow.view",
    "snow.answer",
)
# System, security and audit administration are three roles (handbook section 9).
ROLES = (
    RolePlan(
        "admin",
        "系统管理员",
        "System administrator",
        "zone",
        (
            "people.view",
            "people.manage",
            "people.accounts",
            "ledger.tokens",
            "jobs.view",
            "jobs.start",
            "jobs.stop",
        ),
    ),
    RolePlan(
        "security",
        "安全管理员",
        "Security administrator",
        "zone",
        ("people.view", "people.roles"),
    ),
    RolePlan("auditor", "审计员", "Auditor", "zone", ("people.view", "audit.view", "jobs.view")),
    RolePlan(
        "clerk",
        "督查考核经办人",
        "Supervision clerk",
        "zone",
        (
            *_READ,
            "people.alias",
            "ledger.raise",
            "ledger.assign",
            "ledger.close",
            "ledger.reopen",
            "ledger.import",
            "ledger.limits",
            "days.manage",
            "facts.accept",
            "assessment.freeze",
            "assessment.run",
            "ballots.run",
            "ballots.type",
            "meetings.plan",
            "meetings.results",
            "meetings.run",
            "reviews.view",
            "reviews.keep",
            "press.write",
            "press.office",
            "press.templates",
            "jobs.view",
            "winter.view",
            "snow.view",
        ),
    ),
    RolePlan(
        "supervisor",
        "核查人",
        "Verifier",
        "zone",
        (*_READ, "ledger.verify", "ledger.recheck", "ledger.reopen", "ballots.type"),
    ),
    RolePlan(
        "leader",
        "分管领导",
        "Leader in charge",
        "zone",
        (
            *_READ,
            "ledger.raise",
            "ledger.extend",
            "ledger.long_term",
            "ledger.cancel",
            "ledger.reopen",
            "ledger.notice",
            "ballots.chair",
            "meetings.approve",
            "meetings.chair",
            "meetings.grade",
            "meetings.results",
            "projects.approve",
            "fleet.view",
            "winter.view",
            "winter.sign",
            "snow.view",
            "snow.command",
            "snow.inspect",
            "snow.publish",
            "press.unit",
            "press.publish",
            "press.issue",
            "reviews.view",
        ),
    ),
    RolePlan(
        "body_member",
        "班子成员",
        "Member of the leading body",
        "zone",
        (*_READ, "meetings.results", "reviews.view"),
    ),
    # Sees nothing but the meetings to which the group was invited, while it is invited.
    RolePlan("guide", "指导组成员", "Guide", "unit", ("meetings.guest", "reviews.guide")),
    RolePlan(
        "planner",
        "规划审查经办人",
        "Scheme review clerk",
        "zone",
        (*_READ, "designs.manage", "designs.comment"),
    ),
    # Sees nothing but the schemes that the own unit draws up and answers for.
    RolePlan("designer", "设计单位经办人", "Designer", "unit", ("designs.view", "designs.answer")),
    RolePlan(
        "unit_head", "单位负责人", "Unit head", "subtree", (*_OWN, "press.write", "press.unit")
    ),
    RolePlan("liaison", "联络员", "Liaison", "unit", (*_OWN, "press.write")),
    RolePlan(
        "statistician",
        "统计员",
        "Statistician",
        "zone",
        (
            "people.view",
            "ledger.view",
            "facts.view",
            "facts.record",
            "facts.accept",
            "facts.import",
            "facts.define",
            "assessment.view",
            "assessment.define",
            "assessment.declare",
            "assessment.run",
            "jobs.view",
        ),
    ),
    RolePlan(
        "coordinator",
        "项目协调员",
        "Project coordinator",
        "zone",
        (
            *_READ,
            "ledger.raise",
            "projects.manage",
            "projects.report",
            "projects.rules",
        ),
    ),
    # Keeps the night of a snowfall: roads, vehicles, dispatch.
    RolePlan(
        "duty",
        "除雪值班员",
        "Snow duty officer",
        "zone",
        (
            *_READ,
            "roads.manage",
            "fleet.view",
            "fleet.manage",
            "fleet.shift",
            "winter.view",
            "winter.manage",
            "winter.stock",
            "winter.check",
            "snow.view",
            "snow.report",
            "snow.dispatch",
            "snow.inspect",
            "snow.publish",
            "ledger.raise",
        ),
    ),
    RolePlan(
        "foreman",
        "应急队队长",
        "Team foreman",
        "unit",
        ("roads.view", "fleet.view", "fleet.shift", "winter.view", "snow.view", "snow.report"),
    ),
    RolePlan("viewer", "查阅人", "Reader", "zone", ("facts.view",)),
)


class AccountPlan(NamedTuple):
    """An account, named after its post."""

    username: str
    unit: str
    title: str
    title_en: str
    role: str
    does: str
    primary_owner: bool = False


ACCOUNTS = (
    AccountPlan(
        "clerk", "supervision", "经办人", "Clerk", "clerk", zh("由疑点提出问题，交办，销号")
    ),
    AccountPlan(
        "econ-head",
        "economy",
        "局长",
        "Director",
        "unit_head",
        zh("责任单位负责人：签收，定措施，申请延期"),
        primary_owner=True,
    ),
    AccountPlan(
        "econ-liaison", "economy", "联络员", "Liaison", "liaison", zh("填报进展，提交佐证")
    ),
    AccountPlan(
        "checker", "supervision", "核查员", "Verifier", "supervisor", zh("核查整改结果，回头看")
    ),
    AccountPlan(
        "leader", "party", "副书记", "Deputy secretary", "leader", zh("批准延期，转长期坚持")
    ),
    AccountPlan(
        "statistician", "economy", "统计员", "Statistician", "statistician", zh("录入、导入数据")
    ),
    AccountPlan(
        "edu-head",
        "education",
        "局长",
        "Director",
        "unit_head",
        zh("另一责任单位负责人，看不到别单位的问题"),
        primary_owner=True,
    ),
    AccountPlan(
        "law-head",
        "enforcement",
        "局长",
        "Director",
        "unit_head",
        zh("综合行政执法局负责人"),
        primary_owner=True,
    ),
    AccountPlan(
        "secretary",
        "party",
        "书记",
        "Secretary",
        "leader",
        zh("主持测评会和民主生活会"),
        primary_owner=True,
    ),
    AccountPlan("member", "party", "委员", "Committee member", "body_member", zh("参加民主生活会")),
    AccountPlan(
        "guide", "guides", "组长", "Group leader", "guide", zh("只看受邀的会，审阅对照检查材料")
    ),
    AccountPlan(
        "coordinator",
        "planning",
        "项目协调员",
        "Project coordinator",
        "coordinator",
        zh("管重点项目：阶段、前期步骤、月报、堵点、计划"),
    ),
    AccountPlan(
        "planner",
        "planning",
        "方案审查经办人",
        "Scheme review clerk",
        "planner",
        zh("组织方案审查，召集审查会，印发纪要，公示"),
    ),
    AccountPlan(
        "designer",
        "investment",
        "设计联络人",
        "Design liaison",
        "designer",
        zh("交规划设计方案，答复意见，只看本单位的方案"),
    ),
    AccountPlan(
        "duty",
        "enforcement",
        "除雪值班员",
        "Snow duty officer",
        "duty",
        zh("管路网和作业车辆，看实时图，派人工清雪"),
    ),
    AccountPlan(
        "foreman", "sanitation", "队长", "Foreman", "foreman", zh("出车收车，用手机报送队伍情况")
    ),
    AccountPlan("viewer", "office", "查阅员", "Reader", "viewer", zh("只看数据")),
    AccountPlan(
        "admin", "office", "系统管理员", "System administrator", "admin", zh("维护机构、人员、账号")
    ),
    AccountPlan(
        "security",
        "office",
        "安全管理员",
        "Security administrator",
        "security",
        zh("设定角色权限"),
    ),
    AccountPlan("auditor", "discipline", "审计员", "Auditor", "auditor", zh("查看审计记录")),
)


class SecondPost(NamedTuple):
    """Another post of the same person; which one acts is chosen at sign-in."""

    username: str
    unit: str
    title: str
    title_en: str
    role: str


SECOND_POSTS = (
    # One person in two organisations, as on the page.
    SecondPost("leader", "airport", "管委会副主任", "Deputy director", "viewer"),
    # Seconded to the verifiers, and yet never a verifier of the own bureau's work.
    SecondPost("econ-liaison", "supervision", "借调核查员", "Seconded verifier", "supervisor"),
)


@transaction.atomic
def load() -> None:
    """Make the sample zone in an empty house."""
    roles = make_roles()
    days.load_defaults()
    facts.load_frameworks(by=None)
    assessment.load_schemes(by=None)
    projects.load_defaults()
    designs.load_aspects(by=None)
    units = {ZONE.code: _make_unit(ZONE, note=f"{SAMPLE_MARK}：机构据公开报道，任务和账号为演示")}
    for plan in SAMPLE_UNITS:
        units[plan.code] = _make_unit(plan, note=SAMPLE_MARK)
    for plan in SAMPLE_UNITS:
        for line, parent in (
            ("party", plan.party),
            ("admin", plan.admin),
            ("contract", plan.contract),
        ):
            if parent:
                people.tie_unit(units[plan.code], units[parent], by=None, line=line)
    for account in ACCOUNTS:
        person = _make_account(account, units, roles)
        for second in SECOND_POSTS:
            if second.username == account.username:
                people.appoint(
                    person,
                    by=None,
                    unit=units[second.unit],
                    role=roles[second.role],
                    title=second.title,
                    title_en=second.title_en,
                )


@transaction.atomic
def load_bare(password: str) -> None:
    """An empty house: the zone, an office, and one administrator who must change the password."""
    roles = make_roles()
    days.load_defaults()
    facts.load_frameworks(by=None)
    assessment.load_schemes(by=None)
    projects.load_defaults()
    designs.load_aspects(by=None)
    zone = _make_unit(UnitPlan("zone", "经开区", "Development Zone", "zone"), note="")
    office = _make_unit(
        UnitPlan("office", "党政办公室", "General Office", "bureau", "", "zone"), note=""
    )
    people.tie_unit(office, zone, by=None, line="admin")
    person = people.add_person(by=None, name="系统管理员", name_en="System administrator")
    for role in ("admin", "security"):
        people.appoint(
            person,
            by=None,
            unit=office,
            role=roles[role],
            title=roles[role].name,
            title_en=roles[role].name_en,
        )
    people.open_account(person, by=None, username="admin", password=password)


@transaction.atomic
def make_roles() -> dict[str, Role]:
    """The roles every house starts with."""
    return {
        plan.code: people.add_role(
            by=None,
            code=plan.code,
            name=plan.name,
            name_en=plan.name_en,
            verbs=plan.verbs,
            reach=plan.reach,
        )
        for plan in ROLES
    }


def _make_unit(plan: UnitPlan, note: str) -> Unit:
    unit = people.add_unit(
        by=None, code=plan.code, name=plan.name, name_en=plan.name_en, kind=plan.kind, note=note
    )
    for alias in plan.aliases:
        people.add_alias(unit, by=None, name=alias)
    return unit


def _make_account(plan: AccountPlan, units: dict[str, Unit], roles: dict[str, Role]) -> Person:
    person = people.add_person(by=None, name=plan.title, name_en=plan.title_en, note=SAMPLE_MARK)
    people.appoint(
        person,
        by=None,
        unit=units[plan.unit],
        role=roles[plan.role],
        title=plan.title,
        title_en=plan.title_en,
        primary_owner=plan.primary_owner,
    )
    people.open_account(
        person, by=None, username=plan.username, password=PASSWORD, must_change=False
    )
    return person


acting = people_queries.acting
