"""Faults of road networks and of the files that hold them as sentences.

The command line and the pages of the roads say the same, each in its own way of finding the
reader's language.
"""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    # files
    "roads_empty": zh("文件是空的。请选择有道路的地图文件。"),
    "roads_too_big": zh(
        "文件有 %(found)s MB，超过 %(most)s MB。请先裁出本市范围，再导入（例如 osmium extract）。"
    ),
    "roads_too_many_points": zh("地图里的道路超过 %(most)s 个点。请先裁出本市范围，再导入。"),
    "roads_not_pbf": zh("文件不是完整的 OpenStreetMap PBF（%(why)s）。请重新下载后再导入。"),
    "roads_not_json": zh("文件不是 JSON（%(why)s）。请导出为 GeoJSON 后再导入。"),
    "roads_not_geojson": zh("文件不是 GeoJSON 要素集合。请导出为 FeatureCollection 后再导入。"),
    "roads_not_table": zh("文件读不成表格。请另存为 CSV 或 .xlsx 后再导入。"),
    "roads_unknown_file": zh(
        "不认识“%(found)s”这种文件。可用：.osm.pbf、.geojson、.json、.csv、.xlsx。"
    ),
    "roads_no_columns": zh(
        "表头里找不到道路等级和线路。请有“等级”一列，以及“坐标”一列或起点经度、起点纬度、终点经度、"
        "终点纬度四列。"
    ),
    "roads_unknown_datum": zh("坐标系“%(found)s”不认识，可用：%(known)s。请改正。"),
    # rows
    "roads_bad_line": zh("线路不是至少两个经纬度。请改正坐标。"),
    "roads_no_kind": zh("没有写道路等级。请填上。"),
    "roads_unknown_kind": zh("道路等级“%(found)s”不认识，可用：%(known)s。请改正。"),
    "roads_not_direction": zh("单行方向“%(found)s”不认识，可用：是、否、反向。请改正。"),
    "roads_not_flag": zh("%(what)s一栏是“%(found)s”，应为是或否。请改正。"),
    "roads_not_number": zh("%(what)s一栏是“%(found)s”，应为 %(low)s 到 %(high)s 的数。请改正。"),
    "roads_not_slope": zh("坡度“%(found)s”应为小于 100 %% 的百分数。请改正。"),
    "roads_more_faults": zh("另有 %(n)s 处不合。请先改正以上各处。"),
    # places
    "roads_no_lines": zh("地图里没有一条线。请检查导出的图层。"),
    "roads_swapped": zh(
        "坐标像是经纬度颠倒了（经度 %(lon)s、纬度 %(lat)s）。请把经度写在前，再导入。"
    ),
    "roads_projected": zh("坐标像是以米计的投影坐标（%(lon)s，%(lat)s）。请转成经纬度后再导入。"),
    "roads_outside_earth": zh(
        "有 %(places)s 处坐标不在地球上（经度 %(lon)s、纬度 %(lat)s）。请检查坐标系。"
    ),
    # networks
    "roads_no_drivable": zh(
        "%(lines)s 条线里没有一条是对照表里的车行道。请检查文件，或补充道路等级对照表。"
    ),
    "roads_nothing_connected": zh(
        "%(arcs)s 段路之间没有一处能去又能回。请检查单行方向，以及路口处的线是否有公共点。"
    ),
    "roads_falls_apart": zh(
        "路网不相连：能互相到达的最大一片只占总长的 %(kept)s %%。请检查路口处的线是否有公共点。"
    ),
    "roads_turn_negative": zh("转弯附加时间 %(found)s 秒不对，应在 0 到 3600 秒之间。请改正。"),
    # the mapping
    "roads_mapping_not_toml": zh("道路等级对照表不是 TOML（%(why)s）。请改正。"),
    "roads_mapping_empty": zh("道路等级对照表是空的。请至少写一种道路。"),
    "roads_mapping_unknown": zh("道路等级对照表里的“%(tag)s”不认识。请删去。"),
    "roads_mapping_no_kind": zh("道路等级对照表里“%(tag)s”没有写等级 kind。请补上。"),
    "roads_mapping_value": zh("道路等级对照表里“%(tag)s”的值“%(found)s”不对。请改正。"),
    "roads_mapping_kind": zh(
        "道路等级对照表里“%(tag)s”的等级“%(found)s”不认识，可用：%(known)s。请改正。"
    ),
    "roads_mapping_lanes": zh(
        "道路等级对照表里“%(tag)s”的车道数是 %(found)s，应在 1 到 12 之间。请改正。"
    ),
    "roads_mapping_speed": zh(
        "道路等级对照表里“%(tag)s”的速度是 %(found)s km/h，应在 1 到 150 之间。请改正。"
    ),
    "roads_mapping_slope": zh("易结冰的坡度 %(found)s 不对，应在 0 到 1 之间。请改正。"),
    # stored networks
    "roads_store_broken": zh("路网文件已损坏，或不是路网文件。请重新建网。"),
    # chance and what-if
    "chance_spread": zh("不确定性里“%(name)s”的倍数 %(found)s 不对，应由小到大且大于零。请改正。"),
    "chance_shares": zh("全城份额 %(city)s 与单车份额 %(vehicle)s 之和应在 0 到 1 之间。请改正。"),
    "chance_negative": zh("不确定性里“%(name)s”是 %(found)s，应不小于零且小于 10000。请改正。"),
    "chance_not_toml": zh("不确定性表不是 TOML（%(why)s）。请改正。"),
    "chance_unknown": zh("不确定性表里的“%(name)s”不认识，或值“%(found)s”不对。请改正。"),
    "chance_promises": zh("每类道路都要有时限（%(known)s），没有承诺的写无穷大。请补上。"),
    "chance_samples": zh("抽样 %(found)s 次不够。请至少抽一次。"),
    "chance_no_work": zh("方案里没有一个路段要作业，算不出概率。请先排出方案。"),
    "chance_leg": zh("方案里有一程是“%(found)s”，应为 %(known)s 之一。请重新排方案。"),
    "chance_order": zh("方案的各程先后不对：有的结束早于开始，或同一辆车不相连。请重新排方案。"),
    "whatif_no_candidates": zh("没有可以比较的假设。请至少给一个。"),
    "whatif_most": zh("最多加 %(found)s 台车不成立。请至少为 1。"),
    "roads_store_other": zh("路网文件是第 %(found)s 版，本软件用第 %(known)s 版。请重新建网。"),
}
