"""督导：its states, what a stop can be, what was found there. No Django."""

from bihuan.base.text import zh

STATES = {
    "planned": zh("待出发"),
    "walking": zh("督导中"),
    "done": zh("已结束"),
    "dropped": zh("已取消"),
}
STOPS = {
    "section": zh("道路"),
    "bridge": zh("桥梁"),
    "ramp": zh("匝道坡道"),
    "crossing": zh("十字路口"),
    "pavement": zh("人行道"),
    "metro": zh("地铁口"),
    "park": zh("公园广场"),
    "frontage": zh("沿街门前"),
    "back": zh("背街小巷"),
    "other": zh("其他部位"),
}
# What somebody on the walk may say of what was seen.
SEEN = {"good": zh("做得好"), "issue": zh("有问题"), "note": zh("记一笔")}
MOST_STOPS = 60
