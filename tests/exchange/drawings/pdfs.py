"""Small PDFs written by hand: each page a list of black boxes and a line of text."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 400, 300
Box = tuple[float, float, float, float]  # x, y, w, h in fractions from the top left


def pdf(*pages: tuple[Sequence[Box], str], catalogue: str = "") -> bytes:
    """A PDF of these pages; `catalogue` is added to its root, for instance a script."""
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, (boxes, words) in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        drawn = "".join(
            f"{x * WIDTH:g} {(1 - y - h) * HEIGHT:g} {w * WIDTH:g} {h * HEIGHT:g} re f\n"
            for x, y, w, h in boxes
        )
        content = f"{drawn}BT /F1 14 Tf 20 {HEIGHT - 24} Td ({words}) Tj ET\n"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


SCRIPT = (
    "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> "
    "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.alert\\(1\\)) >>] >> >>"
)


def locked() -> bytes:
    """A PDF that asks for a password (standard handler, revision 2), its keys made up."""
    entry = "<< /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -44 >>"
    whole = pdf(([], "LOCKED")).decode("latin-1")
    trailer = f"/Encrypt {entry} /ID [<00><00>] /Root 1 0 R"
    return whole.replace("/Root 1 0 R >>\nstartxref", f"{trailer} >>\nstartxref").encode("latin-1")


def png(*boxes: Box, size: tuple[int, int] = (400, 300)) -> bytes:
    """A white picture with black boxes."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for x, y, w, h in boxes:
        pen.rectangle(
            (x * size[0], y * size[1], (x + w) * size[0], (y + h) * size[1]), fill="black"
        )
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
