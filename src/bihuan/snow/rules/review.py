"""复盘：its states, kinds of lessons, what may be asked of the past. No Django."""

from bihuan.base.text import zh

STATES = {"draft": zh("草稿"), "signed": zh("已签定")}
LESSONS = {"wrong": zh("哪里做得不好"), "change": zh("要改什么")}
REPLAYS = {
    "start": zh("假如这台车在另一时刻出发"),
    "more": zh("假如多几台车"),
    "without": zh("假如没有这台车"),
}
MOST_VEHICLES = 40
