"""Why a table that somebody brings, pasted or as a file, cannot be read: one sentence for each."""

from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.exchange.sheet import Sheet

_SENTENCES = {
    "too_long": zh("粘贴的内容超过 %(most)s 个字。请分几次粘贴。"),
    "empty_file": zh("文件里没有表格。请选择填好的表格。"),
    "too_big": zh("文件超过 %(most)s MB。请去掉图片，或分成几个文件再导入。"),
    "bomb": zh("文件解开后异常大，已停止读取。请在 Excel 或 WPS 里另存为新的 .xlsx 再导入。"),
    "hostile": zh(
        "文件里有办公软件不会写的内容，已停止读取。请在 Excel 或 WPS 里另存为新的 .xlsx 再导入。"
    ),
    "damaged": zh("文件已损坏，读不出来。请在 Excel 或 WPS 里打开，另存为 .xlsx 再导入。"),
    "password": zh("文件加了密码。请去掉打开密码，另存后再导入。"),
    "xlsb": zh("这是二进制工作簿（.xlsb）。请另存为 .xlsx 再导入。"),
    "encoding": zh("文字的编码读不出来。请另存为 .xlsx，或 UTF-8 编码的 .csv 再导入。"),
    "too_many_cells": zh(
        "工作表“%(sheet)s”的内容一直到第 %(rows)s 行、第 %(columns)s 列，超出了限度。"
        "请删去表外多余的行列后再导入。"
    ),
}
_OTHER = zh("这不是 Excel 工作簿。请选择 .xlsx、.xls 或 .csv 文件。")


def refusal(sheet: Sheet) -> str:
    """The sentence for a table that could not be read; empty for one that could."""
    if not sheet.refusal:
        return ""
    return _(_SENTENCES.get(sheet.refusal, _OTHER)) % sheet.params
