"""Small ledgers, made by hand as offices make them, and reading them with every doubt worded."""

import base64
import io
import json
import zipfile
import zlib

import openpyxl

from bihuan.exchange.workbook import plain, read_ledger
from bihuan.ledger.rules.doubts import SENTENCES

REGISTER = {"经发局": "jf", "财政局": "cz", "党政办": "dz", "督查室": "dc", "规划建设局": "gj"}
TITLE = "示例数据：2022年问题整改台账"


def workbook(*sheets, **more):
    """A workbook of sheets, each a list of rows with the ranges to merge."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, (rows, *merges) in enumerate(sheets, start=1):
        page = book.create_sheet(f"表{number}")
        for row in rows:
            page.append(row)
        for area in merges:
            page.merge_cells(area)
    for name, change in more.items():
        change(book[name])
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content, **more):
    ledger = read_ledger(content, name="台账.xlsx", register=REGISTER, **more)
    for doubt in ledger.doubts:
        # Every doubt has a sentence, and everything the sentence needs.
        assert SENTENCES[doubt.code] % doubt.params
    json.dumps(plain(ledger), ensure_ascii=False)
    return ledger


def codes(doubts):
    return [(doubt.code, doubt.cell) for doubt in doubts]


HEAD = ["序号", "存在问题", "整改措施", "责任领导", "责任单位", "整改时限", "完成情况"]


def problem(number, text="问题", due="2022年6月底前", unit="党政办", **more):
    return [
        number,
        f"{text}{number}",
        more.get("measure", "措施"),
        "示例领导",
        unit,
        due,
        more.get("progress"),
    ]


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return stream.getvalue()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text", "manifest")
)


def opendocument(rows, down=None):
    """An .ods of one sheet; `down` says over how many rows a cell is merged, by row and column."""
    lines = []
    for at, row in enumerate(rows):
        cells = []
        for column, value in enumerate(row):
            rows_down = (down or {}).get((at, column), 1)
            about = f' table:number-rows-spanned="{rows_down}"' if rows_down > 1 else ""
            text = f"<text:p>{value}</text:p>" if value != "" else ""
            kind = ' office:value-type="string"' if text else ""
            cells.append(f"<table:table-cell{kind}{about}>{text}</table:table-cell>")
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    sheet = f'<table:table table:name="表1">{"".join(lines)}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"<office:document-content {_NAMES}>{body}</office:document-content>"
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{content}'.encode(),
            "META-INF/manifest.xml": f"<manifest:manifest {_NAMES}/>".encode(),
        }
    )


# One sheet of the old kind, two rows under a merged problem; written with xlwt 1.3.0.
OLD = zlib.decompress(
    base64.b85decode(
        "c-rk)OGp(_82-+=bG=vbaWxGzP%$zyT|^sO=u}Xyy!jwB4fAm)3tw?@V~e!RRY*Z7CJ_j>sD;(0j2_soMPSq-2m&"
        "o!1yRroQm6m?bFS%)zzZc9^9|=e|Kt4sIWzy9$ISDY)Y<VnS#yX&89Z3B;}N$)C#b|ngaF8H+lr0Uek!($4TX3=B"
        "{I&72T9L-Du*iHbC9@gJRu6arE(Of5bW-<a@P_2c?``$jiHpNz*W*DBa=s!#<Z2`CZ@Nz<wK@>Su@16l-kaUdd!%"
        "?!V>)!*U3D#B}2u%$3CxFvkMt`s@~$hOTuaE#lG;#=8g?!$Tku&0ZM4O)n$d1oPz5}0D1|<ot?#@&@9p^*%SC;=K"
        "`N2vwAw$)vvE!fb`#2>wSOF`zeXh`peP)`e8TmBpE~^Y7AwO;$uzz&;mMC+PRSZV&gZmin@k^+7H8{qr~=Dd#szS"
        "k1S%h4*duouBkYrwO_5u5n_)wGzF7_IY&GYV-4dM(yECmX`DVW-$qP*m1$k8rdEB!Ic@c|qE+?dEGdCiOG*+?wM3"
        "#Jq%fb#6D~mav~c6oi;9*?^B8OTc^h#yn{DdeVB@UvAm?PZc$j*r6tc%orsp{77Ur{<rc)cL^D8qnb8vv$oM&r3^"
        "|PDt(%im+FCc#KebrR<;5%~%@ss6qr_(22nd8W#%`Zg$>KZ_iC=z2=6z-dmTIhx84b#lu7Ae0B=&{>+M@_*Z=LYm"
        "V6dXxC9kDD){j40xLy~7%GDtFXWDynlj7(r%DrZ2o7aZBUEXh?i6<Ixd$Iqa98JUtCSw=;EOzor|rSg>=$)_Vp9+"
        "f&M%<DcS(=wTcyDAhd(7%uX7cN}5aN)v*3m5AM!3Rv|P;KaAwK@{|^naa2DogHflK&Rf=%%ZOJ}M8Oi|R0XV|sr!"
        "!z&`O#2S4f{|gmrsrNA2(Zb_skNN$j4=%Cte%9<5_<K_**8Z1b8RtLl|0fLa^D_"
    )
)
