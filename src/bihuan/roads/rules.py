"""Classes of roads and kinds of places: plain data."""

from bihuan.base.text import zh

KINDS = {
    "main": zh("主干道"),
    "secondary": zh("次干道"),
    "branch": zh("支路"),
    "back": zh("背街小巷"),
    "other": zh("其他道路"),
}
PLACES = {
    "bridge": zh("桥梁"),
    "ramp": zh("匝道坡道"),
    "crossing": zh("十字路口"),
    "pavement": zh("人行道"),
    "metro": zh("地铁口"),
    "park": zh("公园"),
    "square": zh("广场"),
    "hospital": zh("医院门前"),
    "school": zh("学校门前"),
}
# What a network file is called → how it is read.
FILES = ("pbf", "geojson", "json", "csv", "npz")
LARGEST = 200_000_000  # bytes of a file that a page takes; larger ones are built by the command
