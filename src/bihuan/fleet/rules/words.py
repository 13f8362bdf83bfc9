"""What vehicles, their owners, datums and records are called: codes and Chinese words."""

from bihuan.base.text import zh

# Handbook section 6, "Resources": what the city reports turn-outs of.
KINDS = {
    "spreader": zh("撒布机"),
    "plough": zh("雪辊雪铲"),
    "grader": zh("刮平机"),
    "loader": zh("铲车"),
    "truck": zh("运输车"),
    "other": zh("其他车辆"),
}
# What a kind usually can do; each vehicle says for itself.
PLOUGHS = frozenset({"plough", "grader", "loader"})
SPREADS = frozenset({"spreader"})

OWNERS = {
    "owned": zh("自有"),
    "contracted": zh("承包单位的"),
    "hired": zh("临时征用或租用的"),
}
DATUMS = {
    "wgs84": zh("WGS-84"),
    "cgcs2000": zh("CGCS2000"),
    "gcj02": zh("GCJ-02（高德、腾讯）"),
    "bd09": zh("BD-09（百度）"),
}
SOURCES = {"matched": zh("轨迹为证"), "reported": zh("队伍报告")}
DIRECTIONS = {"along": zh("顺向"), "against": zh("逆向"), "both": zh("双向")}

# What is known of a section in a span of time; "not proven" is never "not done".
STANDINGS = {
    "proven": zh("有轨迹为证"),
    "reported": zh("队伍报告，没有轨迹"),
    "partly": zh("只做了一部分"),
    "not_proven": zh("无法证明"),
    "not_done": zh("没有做"),
}

KEEP_HOURS = 72  # [P] how long single positions are kept where the office has decided nothing
LEAST_HOURS, MOST_HOURS = 1, 24 * 30
