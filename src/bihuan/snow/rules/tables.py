"""复盘和发布的规则表：unit prices and settings that an office decides for itself. No Django.

All figures are practice [P] by the handbook's marks (section 6): what a new office starts with.
"""

from bihuan.base.text import zh
from bihuan.ledger.rules.tables import Column, Plan
from bihuan.snow.rules.live import KINDS
from bihuan.snow.rules.plan import PASSES, SNOWS

_CODE = Column("code", zh("代码"), "code")
_NAME = Column("name", zh("名称"), "text")
_NAME_EN = Column("name_en", zh("英文名称"), "text", required=False)
_PRICES = (_CODE, _NAME, _NAME_EN, Column("price", zh("单价（元）"), "whole"))
_SETTINGS = (_CODE, _NAME, _NAME_EN, Column("value", zh("数值"), "whole", most=1440))

_PROMISES = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("hours", zh("雪停后多少小时"), "whole", least=1, most=240),
)

_CLEARING = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("passes", zh("做几遍"), "choice", PASSES),
    Column("stage", zh("先后（先做小的）"), "whole", most=9),
    Column("weight", zh("没清完有多要紧"), "whole", least=1, most=100),
)
_DEICER = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("from_c", zh("气温不低于（℃）"), "whole", least=-60, most=10),
    Column("snow", zh("降水"), "choice", {"any": zh("不论"), **SNOWS}),
    Column("grams", zh("用量（g/m²）"), "whole", most=200),
)
_SPEEDS = (
    _CODE,
    _NAME,
    _NAME_EN,
    Column("work_kmh", zh("作业时速（km/h）"), "whole", least=1, most=80),
    Column("drive_kmh", zh("行驶时速（km/h）"), "whole", least=1, most=100),
    Column("refill_min", zh("补一次料（分钟）"), "whole", most=240),
)

TABLES: dict[str, Plan] = {
    "prices": Plan(
        zh("复盘单价"),
        zh("复盘时按这些单价折算费用。起始数只为示意，请按合同和市场价改；改动只用于以后的复盘。"),
        _PRICES,
        (
            {"code": "people", "name": zh("每人次"), "name_en": "a person's shift", "price": 150},
            {"code": "turnouts", "name": zh("每台次"), "name_en": "a turn-out", "price": 900},
            {
                "code": "deicer_t",
                "name": zh("每吨融雪剂"),
                "name_en": "a tonne of de-icer",
                "price": 1800,
            },
            {
                "code": "cleared_m3",
                "name": zh("清运每立方米"),
                "name_en": "a cubic metre carried off",
                "price": 25,
            },
        ),
        fixed=True,
    ),
    "promises": Plan(
        zh("清完的承诺"),
        zh(
            "各类道路在雪停以后多少小时内清完。起始数只为示意，请按本地预案改；改动只用于以后的发布和复盘。"
        ),
        _PROMISES,
        (
            {"code": "main", "name": KINDS["main"], "name_en": "main roads", "hours": 4},
            {
                "code": "secondary",
                "name": KINDS["secondary"],
                "name_en": "secondary roads",
                "hours": 6,
            },
            {"code": "branch", "name": KINDS["branch"], "name_en": "branch roads", "hours": 12},
            {"code": "back", "name": KINDS["back"], "name_en": "back streets", "hours": 24},
        ),
    ),
    "event": Plan(
        zh("汇总与发布的设定"),
        zh(
            "白班、夜班几点开始，决定人次怎样计；路况报上来多少分钟还没有人发布，就自动发布，"
            "0 为不自动。"
        ),
        _SETTINGS,
        (
            {
                "code": "day_shift",
                "name": zh("白班开始（时）"),
                "name_en": "day shift begins (hour)",
                "value": 8,
            },
            {
                "code": "night_shift",
                "name": zh("夜班开始（时）"),
                "name_en": "night shift begins (hour)",
                "value": 20,
            },
            {
                "code": "publish_after",
                "name": zh("多少分钟后自动发布路况"),
                "name_en": "minutes until road states publish themselves",
                "value": 0,
            },
        ),
        fixed=True,
    ),
    "clearing": Plan(
        zh("各等级做几遍、先后"),
        zh("排方案时每类道路做几遍、先后、没清完有多要紧。起始数只为示意，请按本地预案改。"),
        _CLEARING,
        (
            {"code": "main", "name": KINDS["main"], "name_en": "main roads", "passes": "2",
             "stage": 0, "weight": 10},
            {"code": "secondary", "name": KINDS["secondary"], "name_en": "secondary roads",
             "passes": "2", "stage": 0, "weight": 4},
            {"code": "branch", "name": KINDS["branch"], "name_en": "branch roads", "passes": "1",
             "stage": 0, "weight": 2},
            {"code": "back", "name": KINDS["back"], "name_en": "back streets", "passes": "1",
             "stage": 1, "weight": 1},
        ),
    ),
    "deicer": Plan(
        zh("融雪剂用量"),
        zh("从上到下取第一条符合的。起始数只为示意（常用 10 至 30 g/m²），请按产品说明改。"),
        _DEICER,
        (
            {"code": "mild", "name": zh("接近零度"), "name_en": "about freezing", "from_c": -3,
             "snow": "any", "grams": 15},
            {"code": "cold", "name": zh("零下"), "name_en": "below freezing", "from_c": -10,
             "snow": "any", "grams": 25},
            {"code": "deep", "name": zh("严寒"), "name_en": "deep frost", "from_c": -60,
             "snow": "any", "grams": 30},
        ),
        ordered=True,
    ),
    "speeds": Plan(
        zh("各种车的快慢"),
        zh("排方案时各种车作业、行驶有多快，补一次料要多久。起始数只为示意，请按本地的车改。"),
        _SPEEDS,
        (
            {"code": "spreader", "name": zh("撒布机"), "name_en": "spreaders", "work_kmh": 15,
             "drive_kmh": 35, "refill_min": 15},
            {"code": "plough", "name": zh("雪辊雪铲"), "name_en": "ploughs", "work_kmh": 15,
             "drive_kmh": 35, "refill_min": 0},
            {"code": "grader", "name": zh("刮平机"), "name_en": "graders", "work_kmh": 12,
             "drive_kmh": 30, "refill_min": 0},
            {"code": "loader", "name": zh("铲车"), "name_en": "loaders", "work_kmh": 8,
             "drive_kmh": 25, "refill_min": 0},
            {"code": "truck", "name": zh("运输车"), "name_en": "trucks", "work_kmh": 12,
             "drive_kmh": 35, "refill_min": 15},
            {"code": "other", "name": zh("其他车辆"), "name_en": "other vehicles", "work_kmh": 10,
             "drive_kmh": 30, "refill_min": 15},
        ),
        fixed=True,
    ),
}  # fmt: skip
