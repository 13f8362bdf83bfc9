"""Faults of replaying an event as sentences; codes of other rooms stand in their own files."""

from collections.abc import Mapping

from bihuan.base import roads_words
from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    **roads_words.SENTENCES,
    "replay_no_vehicle": zh("没有一台车，重演不了。"),
    "replay_no_promise": zh("路网里没有一条路属于有承诺的等级。请先设定“清完的承诺”。"),
    "replay_shift": zh("“%(name)s”收车早于出车。请核对。"),
    "replay_too_large": zh(
        "有承诺的道路分成 %(n)s 段，超过 %(most)s 段。请少选几个等级，或按片区分别重演。"
    ),
}
