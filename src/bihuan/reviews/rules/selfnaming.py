"""Does a text say who wrote it? For the warning before something is put in as anonymous."""

import re
import unicodedata

from bihuan.base.text import zh

WARNING = zh("意见是匿名的：请不要写自己的姓名、单位、职务、电话，也不要写只有您才知道的事。")

SIGNS = {
    "self": zh("文中像是写了自己是谁（“我是……”“我叫……”“本人……”）。"),
    "signature": zh("文末像是有署名。"),
    "phone": zh("文中有电话号码。"),
    "identity": zh("文中有身份证号。"),
}

_PATTERNS = {
    "self": re.compile(
        r"我叫|本人(?:是|系|为|叫|在)|我是(?!不是|否|说|想|认为|觉得|希望)"
        r"|我(?:所在|们)?的?(?:单位|科室|部门|支部)(?:是|叫)"
    ),
    "signature": re.compile(
        r"(?:署名|签名|签字|意见人|反映人|建议人)[:：]"
        r"|(?:—{1,2}|-{2})\s*[\u4e00-\u9fff]{2,4}\s*$"
    ),
    "phone": re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"),
    "identity": re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"),
}


def reveals(text: str) -> list[str]:
    """The sentences of every sign that a text names its writer; empty if there is none.

    A sign is a warning, never a refusal: the pattern may be wrong, and whoever wants to sign may.
    """
    flat = unicodedata.normalize("NFKC", text).strip()
    return [SIGNS[code] for code, pattern in _PATTERNS.items() if pattern.search(flat)]
