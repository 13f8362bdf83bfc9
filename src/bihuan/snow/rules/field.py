"""What teams report from the street: trades, and the keys of the telephone's queue."""

import re

from bihuan.base.text import zh

# [P] By trade, as the published page counts people. The keys stand in each report, so that a longer
# list of the office takes nothing away from older ones.
TRADES = {
    "sanitation": zh("环卫"),
    "parks": zh("园林"),
    "enforcement": zh("城管"),
    "municipal": zh("市政"),
    "volunteers": zh("志愿者"),
    "other": zh("其他人员"),
}
STATE_SOURCES = {
    "team": zh("队伍报告"),
    "duty": zh("值班登记"),
    "inspection": zh("巡查"),
}
_KEY = re.compile(r"[0-9a-f]{16,40}", re.A)


def is_key(text: str) -> bool:
    """Is this a key that a telephone may have made for one of its reports?"""
    return _KEY.fullmatch(text) is not None
