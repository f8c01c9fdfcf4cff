"""Finding and decoding the encoding of a text file, by its content."""

import codecs
import io

#: Enough to see what a file is, small enough to read of every member.
HEAD = 64 * 1024
CHUNK = 1 << 20

#: Stands for undecodable bytes in decoded text until the row is cleaned. A lone
#: surrogate cannot come out of any codec, so it is never the file's own text.
BROKEN_MARK = "\udcff"
ERRORS = "crm_migration_mark"

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes that mean nothing in cp1252.
UNDEFINED_CP1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
#: Invalid sequences for each valid one from which UTF-8 is an accident.
ACCIDENT = 20


def _mark(error):
    if isinstance(error, UnicodeDecodeError):
        return BROKEN_MARK, error.end
    raise error


codecs.register_error(ERRORS, _mark)


def encoding_of_head(head):
    """The encoding that the first bytes give away, or None."""
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding
    return _utf16_without_bom(head)


def _utf16_without_bom(head):
    """Western text in UTF-16 has a NUL in every second byte."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even = head[0 : pairs * 2 : 2].count(0) / pairs
    odd = head[1 : pairs * 2 : 2].count(0) / pairs
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def detect_encoding(stream):
    """The encoding of a binary stream, which is read to its end.

    Valid UTF-8 beyond ASCII hardly comes about by accident, so a file that has some
    is UTF-8 with broken places, which are reported, where cp1252 would spoil the
    valid ones unseen. Without any it is cp1252, if its bytes mean something there.
    """
    chunk = stream.read(HEAD)
    encoding = encoding_of_head(chunk)
    if encoding:
        return encoding
    decoder = codecs.getincrementaldecoder("utf-8")(ERRORS)
    good = bad = undefined = 0
    while chunk:
        if not chunk.isascii():
            text = decoder.decode(chunk)
            broken = text.count(BROKEN_MARK)
            bad += broken
            good += len(text) - len(text.encode("ascii", "ignore")) - broken
            undefined += sum(chunk.count(byte) for byte in UNDEFINED_CP1252)
        elif decoder.getstate()[0]:
            bad += decoder.decode(chunk).count(BROKEN_MARK)
        chunk = stream.read(CHUNK)
    bad += decoder.decode(b"", final=True).count(BROKEN_MARK)
    if bad == 0 or (not good and undefined * 2 >= bad):
        return "utf-8"
    return "cp1252" if good * ACCIDENT <= bad else "utf-8"


def open_text(stream, encoding):
    """``stream`` as text, its line endings kept, broken bytes as BROKEN_MARK."""
    return io.TextIOWrapper(stream, encoding=encoding, errors=ERRORS, newline="")
