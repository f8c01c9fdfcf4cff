"""Small but real documents: text, CSV, PNG pictures and PDF pages."""

import struct
import zlib

from . import words
from .dice import Dice
from .layout import record_id


def _png(dice):
    side = 16
    colours = [bytes(dice.below(256) for _ in range(3)) for _ in range(4)]
    lines = b"".join(
        b"\0" + b"".join(colours[(x // 4 + y // 4) % 4] for x in range(side))
        for y in range(side)
    )

    def chunk(name, data):
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def _pdf(text):
    drawing = b"BT /F1 18 Tf 72 720 Td (" + text.encode("ascii") + b") Tj ET"
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    content = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(bodies) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(content))
    )


def document(world, index):
    """``(file name, mime type, bytes)`` of the document of a file record."""
    dice = Dice(world.seed, "documents").restart(index)
    file_id = record_id("files", index)
    title = f"{dice.pick(words.DOCUMENT_TITLES)} {dice.between(2015, 2026)}"
    kind = index % 4
    if kind == 0:
        return f"{title}.pdf", "application/pdf", _pdf(f"Document {file_id}")
    if kind == 1:
        return f"{title}.png", "image/png", _png(dice)
    if kind == 2:
        lines = (title, "", dice.pick(words.OUTCOMES), "Änderungen vorbehalten.", "")
        return f"{title}.txt", "text/plain", "\r\n".join(lines).encode()
    lines = ["article,quantity,price"]
    lines += [
        f"A-{dice.between(100, 999)},{dice.between(1, 40)},{dice.between(5, 90)}.50"
        for _ in range(3 + dice.below(6))
    ]
    return f"{title}.csv", "text/csv", ("\n".join(lines) + "\n").encode()
