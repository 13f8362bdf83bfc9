"""Which files are let in, what they are called, and the sentence for each fault. Plain data.

To let in another type, add a row to `KINDS` and name it in `ALLOWED`; how each nature is told from
its bytes is in `content.py`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bihuan.base.text import zh

Nature = Literal[
    "marked", "media", "riff", "compound", "package", "office", "archive", "text", "json"
]


@dataclass(frozen=True)
class Kind:
    """文件类型：扩展名、交付时的媒体类型、内容应有的样子。

    `marks` says what must be found inside: extensions that puremagic may see (marked), brands of
    a media file (media, riff), streams of a compound file (compound), folders of a package
    (package, office), first signs (json).
    """

    extension: str
    media_type: str
    nature: Nature
    marks: frozenset[str] = frozenset()


def _kind(extension: str, media_type: str, nature: Nature, *marks: str) -> Kind:
    return Kind(extension, media_type, nature, frozenset(marks))


_OFFICE = "application/vnd.openxmlformats-officedocument"
_HEIF = ("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "heif")
_MP4 = ("isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash")
_MP4_PHONES = ("3gp4", "3gp5", "3gp6", "mmp4", "XAVC", "f4v ")

KINDS: Mapping[str, Kind] = {
    kind.extension: kind
    for kind in (
        _kind("pdf", "application/pdf", "marked", ".pdf"),
        _kind("ofd", "application/ofd", "package", "OFD.xml"),
        _kind("doc", "application/msword", "compound", "WordDocument"),
        _kind("xls", "application/vnd.ms-excel", "compound", "Workbook", "Book"),
        _kind("ppt", "application/vnd.ms-powerpoint", "compound", "PowerPoint Document"),
        _kind("docx", f"{_OFFICE}.wordprocessingml.document", "package", "word/"),
        _kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "package", "xl/"),
        _kind("ods", "application/vnd.oasis.opendocument.spreadsheet", "package", "content.xml"),
        _kind("pptx", f"{_OFFICE}.presentationml.presentation", "package", "ppt/"),
        _kind("wps", "application/octet-stream", "office", "word/"),
        _kind("et", "application/octet-stream", "office", "xl/"),
        _kind("dps", "application/octet-stream", "office", "ppt/"),
        _kind("txt", "text/plain", "text"),
        _kind("csv", "text/csv", "text"),
        _kind("json", "application/json", "json", "{", "["),
        _kind("geojson", "application/geo+json", "json", "{"),
        _kind("zip", "application/zip", "archive"),
        _kind("rar", "application/vnd.rar", "marked", ".rar"),
        _kind("7z", "application/x-7z-compressed", "marked", ".7z"),
        _kind("jpg", "image/jpeg", "marked", ".jpg"),
        _kind("jpeg", "image/jpeg", "marked", ".jpg"),
        _kind("png", "image/png", "marked", ".png"),
        _kind("gif", "image/gif", "marked", ".gif"),
        _kind("bmp", "image/bmp", "marked", ".bmp"),
        _kind("tif", "image/tiff", "marked", ".tif", ".tiff"),
        _kind("tiff", "image/tiff", "marked", ".tif", ".tiff"),
        _kind("webp", "image/webp", "riff", "WEBP"),
        _kind("heic", "image/heic", "media", *_HEIF),
        _kind("heif", "image/heif", "media", *_HEIF),
        _kind("mp4", "video/mp4", "media", *_MP4, *_MP4_PHONES),
        _kind("m4a", "audio/mp4", "media", "M4A ", "M4B ", "mp42", "isom"),
        _kind("mov", "video/quicktime", "media", "qt  "),
        _kind("mp3", "audio/mpeg", "marked", ".mp3", ".mpga"),
        _kind("wav", "audio/wav", "riff", "WAVE"),
    )
}

ALLOWED = zh(
    "可用的类型：PDF、OFD；Word、Excel、PPT（doc、docx、xls、xlsx、ods、ppt、pptx）；"
    "WPS（wps、et、dps）；"
    "文本（txt、csv、json、geojson）；图片（jpg、jpeg、png、gif、bmp、tif、tiff、webp、heic、heif）；"
    "音视频（mp4、m4a、mov、mp3、wav）；压缩包（zip、rar、7z）。"
)

# What may go out under its own media type. Nothing that a browser would run; all else goes out as
# plain bytes.
SAFE_MEDIA_TYPES = frozenset(
    kind.media_type
    for kind in KINDS.values()
    if kind.nature in ("marked", "media", "riff", "compound", "package", "archive")
)
BYTES = "application/octet-stream"

# Office files that carry macros, and the type to save them as instead.
MACRO_EXTENSIONS = {
    **dict.fromkeys(("docm", "dotm"), "docx"),
    **dict.fromkeys(("xlsm", "xlsb", "xltm", "xlam"), "xlsx"),
    **dict.fromkeys(("pptm", "potm", "ppsm", "ppam"), "pptx"),
}
MACRO_NAMES = frozenset({"_vba_project", "_vba_project_cur", "macros", "vba"})
MACRO_PART = "vbaproject.bin"
MACRO_FOLDERS = ("basic/", "scripts/")  # of an OpenDocument file

SENTENCES = {
    "too_large": zh(
        "文件“%(name)s”超过 %(largest)s 的上限，没有保存。请压缩或拆分后再传；其他内容都还在。"
    ),
    "no_room": zh(
        "服务器的磁盘快满了，文件“%(name)s”没有保存。请联系管理员腾出空间后再传；其他内容都还在。"
    ),
    "empty": zh("文件“%(name)s”是空的。请检查文件，重新选择。"),
    "no_extension": zh("文件“%(name)s”没有扩展名，分不清是什么。请补上扩展名再传。%(allowed)s"),
    "not_allowed": zh("不收 %(extension)s 文件。请换一种类型再传。%(allowed)s"),
    "macros": zh("文件“%(name)s”带有宏，不收。请另存为不带宏的 %(instead)s 再传。"),
    "locked": zh("文件“%(name)s”有打开密码，无法检查。请去掉密码再传。"),
    "program": zh("文件“%(name)s”的内容是程序，不收。请检查它的来源。"),
    "web_page": zh("文件“%(name)s”的内容是网页或脚本，不收。请另存为 PDF 再传。"),
    "mismatch": zh(
        "文件“%(name)s”的内容不是 %(extension)s，或文件不完整。请用原来的程序打开看看，"
        "按真实的类型另存后再传。"
    ),
}


@dataclass(frozen=True)
class Fault:
    """One fault: which sentence, and what goes into it."""

    code: str
    params: Mapping[str, str]


def params(name: str, largest: int) -> dict[str, str]:
    """What every sentence about a file may mention; `largest` in bytes."""
    return {"name": name, "extension": extension(name), "largest": size_in_words(largest)}


def extension(name: str) -> str:
    """The last extension of a name, lower case, without the dot."""
    _stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot else ""


def size_in_words(n_bytes: int) -> str:
    """A size as people say it: 830 B, 12.4 KB, 50 MB."""
    if n_bytes < 1024:
        return f"{n_bytes} B"
    amount, units = n_bytes / 1024, ["KB", "MB", "GB", "TB"]
    while round(amount, 1) >= 1024 and len(units) > 1:
        amount /= 1024
        units.pop(0)
    return f"{amount:.1f}".removesuffix(".0") + f" {units[0]}"


# Names ------------------------------------------------------------------------------------------

LONGEST_NAME = 120
# 255 bytes is the limit of most file systems; the rest is for what a browser adds, as in "(1)".
LONGEST_NAME_BYTES = 240
UNNAMED = zh("未命名")

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|[ .])", re.IGNORECASE)


def clean_name(name: str) -> str:
    """A name that every system can keep and that hides nothing; Chinese stays as it is.

    Paths, control characters and direction marks (which make "gpj.exe" read "exe.jpg") go; signs
    and names that Windows forbids are replaced; what is too long loses the end of its stem.
    """
    name = re.split(r"[/\\]", name)[-1]
    # Unicode categories C*: control, format, surrogate, private, unassigned.
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = " ".join(_FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).split())
    name = name.strip(" .")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _fitted(name) or UNNAMED


def _fitted(name: str) -> str:
    ending = extension(name)
    tail = f".{ending}" if ending and len(ending) <= 10 else ""
    stem = name[: len(name) - len(tail)] if tail else name
    while stem and (
        len(stem) + len(tail) > LONGEST_NAME or len((stem + tail).encode()) > LONGEST_NAME_BYTES
    ):
        stem = stem[:-1]
    return stem.rstrip(" .") + name[len(name) - len(tail) :] if tail else stem.rstrip(" .")
