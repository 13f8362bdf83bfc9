"""Verbs of this room."""

from bihuan.base.text import zh
from bihuan.people import services as people

people.declare_verbs(
    {
        "jobs.view": zh("查看全部作业"),
    }
)
