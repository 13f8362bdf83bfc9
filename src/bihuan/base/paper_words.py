"""Why a paper cannot be printed (`exchange.paper.Unprintable`): one sentence for each code."""

from collections.abc import Mapping

from bihuan.base.text import zh

SENTENCES: Mapping[str, str] = {
    "missing_glyphs": zh(
        "字体中没有这些字：%(characters)s。请安装含有这些字的字体，或改用其他写法。"
    ),
    "no_font": zh("没有找到中文字体。请先构建页面资源，或在系统中安装中文字体。"),
    "not_in_word": zh("这种内容（%(found)s）不能写进 Word，请用 PDF。"),
    "qr_too_long": zh("二维码放不下这段内容：%(text)s。请缩短。"),
}
