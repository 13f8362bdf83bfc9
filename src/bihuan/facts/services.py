"""Verbs of this room."""

from bihuan.base.text import zh
from bihuan.people import services as people

people.declare_verbs(
    {
        "facts.view": zh("查看数据与疑点"),
        "facts.record": zh("录入、修订观测值"),
        "facts.import": zh("导入数据文件"),
        "facts.define": zh("设定指标体系与指标"),
    }
)
