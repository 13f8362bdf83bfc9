"""冬季的规则表：what a city decides for itself about snow, with what a new office starts with.

Handbook section 6: [W] found on the web, [L] law, [K] common knowledge, [P] practice. All of it is
data to be edited; the grade of each row travels with it.
"""

from collections.abc import Sequence
from typing import Any

from bihuan.base.text import zh
from bihuan.ledger.rules.tables import Column, Plan, Row

GRADES = {
    "law": zh("法规"),
    "found": zh("公开资料"),
    "known": zh("通行做法，待核实"),
    "practice": zh("示意，请按本地预案改"),
}
SCALES = {"snow": zh("除雪预案"), "cold": zh("低温雨雪冰冻灾害应急预案")}

_CODE = Column("code", zh("代码"), "code")
_NAME = Column("name", zh("名称"), "text")
_NAME_EN = Column("name_en", zh("英文名称"), "text", required=False)
_SOURCE = Column("source", zh("出处"), "text", required=False)
_GRADE = Column("grade", zh("可靠程度"), "choice", GRADES)


def _rows(columns: Sequence[Column], *lines: Sequence[Any]) -> tuple[Row, ...]:
    return tuple({c.code: v for c, v in zip(columns, line, strict=True)} for line in lines)


_CLASSES = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("h12", zh("12 小时（毫米）"), "text"),
    Column("h24", zh("24 小时（毫米）"), "text"),
    _GRADE,
)
_LEVELS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("scale", zh("预案"), "choice", SCALES),
    Column("when", zh("什么时候"), "text"),
    Column("does", zh("做什么"), "text", required=False),
    _SOURCE,
    _GRADE,
)
_LIMITS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("light", zh("小雪"), "text", required=False),
    Column("medium", zh("中雪"), "text", required=False),
    Column("heavy", zh("大雪以上"), "text", required=False),
    _SOURCE,
    _GRADE,
)
_PRODUCTS = (_CODE, _NAME, _NAME_EN, Column("minimum_t", zh("最低储备（吨）"), "whole"))
_PLACES = (_CODE, _NAME, _NAME_EN, Column("who", zh("谁清"), "text"), _SOURCE, _GRADE)
_WORDS = (_CODE, _NAME, _NAME_EN)
_SHIFTS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("begins", zh("几点开始"), "whole", most=23),
    Column("hours", zh("多少小时"), "whole", least=1, most=24),
)
_DUTIES = (_CODE, _NAME, _NAME_EN, Column("list", zh("哪一种门前五包"), "choice", of="lists"))
_SETTINGS = (_CODE, _NAME, _NAME_EN, Column("value", zh("数值"), "whole", most=1440))

TABLES: dict[str, Plan] = {
    "levels": Plan(
        zh("响应级别"),
        zh("两套预案各有各的级别，同时有效；预警颜色不等于响应级别。确切的门槛请按本地预案改。"),
        _LEVELS,
        _rows(
            _LEVELS,
            (
                "s4",
                zh("四级"),
                "Level 4",
                "snow",
                zh("小雪以下，路面不积雪"),
                zh("备勤，巡查易结冰处"),
                "",
                "practice",
            ),
            (
                "s3",
                zh("三级"),
                "Level 3",
                "snow",
                zh("小雪到中雪"),
                zh("专业队伍上路"),
                "",
                "practice",
            ),
            (
                "s2",
                zh("二级"),
                "Level 2",
                "snow",
                zh("大雪"),
                zh("专业队伍全部上路，社会清雪"),
                "",
                "practice",
            ),
            (
                "s1",
                zh("一级"),
                "Level 1",
                "snow",
                zh("预报 8-10 毫米或暴雪"),
                zh("全员上岗，社会力量征用"),
                "2021-02-24",
                "found",
            ),
            (
                "c4",
                zh("Ⅳ级"),
                "Level IV",
                "cold",
                zh("降水不足 1 毫米"),
                "",
                "Shijiazhuang 2014",
                "found",
            ),
            (
                "c3",
                zh("Ⅲ级"),
                "Level III",
                "cold",
                zh("1-5 毫米，或暴雪黄色预警"),
                "",
                "Shijiazhuang 2014; 2023-03-16",
                "found",
            ),
            ("c2", zh("Ⅱ级"), "Level II", "cold", zh("大雪"), "", "", "practice"),
            ("c1", zh("Ⅰ级"), "Level I", "cold", zh("暴雪"), "", "", "practice"),
        ),
    ),
    "classes": Plan(
        zh("降雪等级"),
        zh("按融化成水的毫米数；用来说一场雪有多大，级别由人定。"),
        _CLASSES,
        _rows(
            _CLASSES,
            ("light", zh("小雪"), "light snow", "0.1-1.0", "0.1-2.5", "found"),
            ("medium", zh("中雪"), "moderate snow", "1.0-3.0", "2.5-5.0", "found"),
            ("heavy", zh("大雪"), "heavy snow", "3.0-6.0", "5.0-10.0", "found"),
            ("storm", zh("暴雪"), "snowstorm", "≥ 6.0", "≥ 10.0", "found"),
        ),
    ),
    "limits": Plan(
        zh("清除时限"),
        zh("雪停以后多久清完，各地不同；并列几处的做法，选定的写进“清完的承诺”。"),
        _LIMITS,
        _rows(
            _LIMITS,
            (
                "fast",
                zh("快车道、桥梁"),
                "fast lanes, bridges",
                "6 h",
                "8 h",
                zh("桥梁匝道 16 h，快车道 24 h"),
                zh("郑开大道 2017"),
                "found",
            ),
            ("main", zh("主干道"), "main roads", "", "24 h", "48 h", zh("石家庄 2014"), "found"),
            (
                "secondary",
                zh("次干道"),
                "secondary roads",
                "",
                "48 h",
                "72 h",
                zh("石家庄 2014"),
                "found",
            ),
            (
                "lanes",
                zh("背街小巷"),
                "back streets",
                "",
                "",
                zh("4 天"),
                zh("石家庄 2014"),
                "found",
            ),
            (
                "parks",
                zh("公园广场"),
                "parks and squares",
                "3-5 h",
                "4-6 h",
                "5-8 h；暴雪 8-10 h",
                zh("石家庄 2011"),
                "found",
            ),
        ),
    ),
    "products": Plan(
        zh("融雪剂品种和最低储备"),
        zh("低于最低储备，冬备总览里报缺。"),
        _PRODUCTS,
        _rows(
            _PRODUCTS,
            ("deicer", zh("融雪剂"), "de-icer", 200),
            ("salt", zh("融雪盐"), "salt", 100),
        ),
    ),
    "trades": Plan(
        zh("工种"),
        zh("人数按工种和班次登记，只记人数，不记姓名。"),
        _WORDS,
        _rows(
            _WORDS,
            ("management", zh("城管"), "city management"),
            ("green", zh("园林"), "parks and gardens"),
            ("sanitation", zh("环卫"), "sanitation"),
        ),
    ),
    "tools": Plan(
        zh("手工器具"),
        zh("推雪板、扫把等；只知道下限的，登记时勾“以上”。"),
        _WORDS,
        _rows(
            _WORDS,
            ("shovel", zh("推雪板"), "snow pushers"),
            ("broom", zh("扫把"), "brooms"),
            ("both", zh("推雪板、扫把"), "snow pushers and brooms"),
        ),
    ),
    "shifts": Plan(
        zh("班次"),
        zh("值班和人数都按班次；昼夜都要有人。"),
        _SHIFTS,
        _rows(
            _SHIFTS,
            ("day", zh("白班"), "day shift", 8, 12),
            ("night", zh("夜班"), "night shift", 20, 12),
        ),
    ),
    "roles": Plan(
        zh("值班岗位"),
        zh("每一班每个岗位都要有人，缺了就报。"),
        _WORDS,
        _rows(
            _WORDS,
            ("leader", zh("带班领导"), "leader on duty"),
            ("officer", zh("值班员"), "duty officer"),
        ),
    ),
    "places": Plan(
        zh("责任区"),
        zh("什么地方由谁清。"),
        _PLACES,
        _rows(
            _PLACES,
            (
                "roads",
                zh("主次干道、桥梁、匝道"),
                "main and secondary roads, bridges, ramps",
                zh("专业清扫单位"),
                zh("郑州市清除冰雪管理办法"),
                "law",
            ),
            ("lanes", zh("背街小巷"), "back streets", zh("办事处"), "", "practice"),
            (
                "fronts",
                zh("沿街门前"),
                "shop fronts",
                zh("门前责任人"),
                zh("郑州市市容环卫条例 11-12"),
                "law",
            ),
            (
                "parks",
                zh("公园、广场"),
                "parks, squares",
                zh("管理单位"),
                zh("郑州市市容环卫条例 11-12"),
                "law",
            ),
            (
                "metro",
                zh("地铁口、车站"),
                "metro entrances, stations",
                zh("经营单位"),
                "",
                "practice",
            ),
        ),
    ),
    "lists": Plan(
        zh("门前五包的列法"),
        zh("各地至少有两种列法，可以再加本地的；每一种包哪几样，在“门前五包”里写。"),
        _WORDS,
        _rows(
            _WORDS,
            (
                "a",
                zh("卫生、秩序、绿化、亮化、设施"),
                "cleanliness, order, greenery, lighting, fixtures",
            ),
            (
                "b",
                zh("卫生、绿化、秩序、设施、文明"),
                "cleanliness, greenery, order, fixtures, civility",
            ),
        ),
    ),
    "duties": Plan(
        zh("门前五包"),
        zh("各地至少有两种列法；一处门面按哪一种，在登记时选。"),
        _DUTIES,
        _rows(
            _DUTIES,
            ("clean", zh("包卫生（含清雪）"), "cleanliness, snow included", "a"),
            ("order", zh("包秩序"), "order", "a"),
            ("green", zh("包绿化"), "greenery", "a"),
            ("light", zh("包亮化"), "lighting", "a"),
            ("fixtures", zh("包设施"), "fixtures", "a"),
            ("clean-b", zh("包卫生（含清雪）"), "cleanliness, snow included", "b"),
            ("green-b", zh("包绿化"), "greenery", "b"),
            ("order-b", zh("包秩序"), "order", "b"),
            ("fixtures-b", zh("包设施"), "fixtures", "b"),
            ("civil-b", zh("包文明"), "civility", "b"),
        ),
    ),
    "settings": Plan(
        zh("冬备的设定"),
        zh(
            "值班排多少天、两班之间至少歇几小时、演练多少分钟内要出动、门前催办给几小时、库存要够几天。"
        ),
        _SETTINGS,
        _rows(
            _SETTINGS,
            ("roster_days", zh("值班至少排好多少天"), "days the roster must be filled", 14),
            ("rest_hours", zh("两班之间至少歇几小时"), "hours of rest between shifts", 11),
            ("drill_minutes", zh("演练多少分钟内出动"), "minutes to turn out in a drill", 30),
            ("front_hours", zh("门前催办给几小时"), "hours given to a front", 4),
            ("stock_days", zh("库存至少够几天"), "days the stock must last", 3),
            ("passes_a_day", zh("一天撒几遍"), "spreadings a day", 2),
            (
                "grams",
                zh("算够用几天时每遍几 g/m²"),
                "g/m² at each spreading, for how long it lasts",
                30,
            ),
        ),
        fixed=True,
    ),
}
