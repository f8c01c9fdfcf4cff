"""ZIP archives, read in place and never unpacked to disk by their own names."""

import io
import lzma
import os
import re
import stat
import zipfile
import zlib

from ..errors import Problem, _
from .container import Container, is_junk, spooled, unsafe_path
from .model import ERROR

#: Deflate reaches 1:1032, exports of text stay below 1:50. Below the floor a member
#: cannot hurt, and small files of one repeated value are common.
MAX_RATIO = 200
RATIO_FLOOR = 10 * 2**20
#: An export with all its documents is smaller; more fills the disk it is staged on.
MAX_TOTAL = 100 * 2**30
#: Each member costs about a kilobyte of memory before anything is read.
MAX_MEMBERS = 200_000

METHODS = {
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
    zipfile.ZIP_BZIP2,
    zipfile.ZIP_LZMA,
}
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1
DRIVE = re.compile(r"^[A-Za-z]:")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ZipContainer(Container):
    """The safe members of a ZIP archive; the others are in ``problems``."""

    kind = "zip"

    def __init__(self, path, name):
        super().__init__(name)
        self._archive = None
        try:
            self._archive = zipfile.ZipFile(path)
        except (*BROKEN, NotImplementedError) as error:
            self.problems.append((name, zip_broken(name, error)))
            return
        infos = [info for info in self._archive.infolist() if not info.is_dir()]
        for info in infos[:MAX_MEMBERS]:
            self._add(info)
        try:
            check_whole(
                infos, list(self._sources.values()), os.path.getsize(path), name
            )
        except Problem as problem:
            self.problems.append((name, problem))
            self._sources.clear()

    def close(self):
        """Close the archive."""
        if self._archive:
            self._archive.close()

    def open_seekable(self, name):
        """A temporary copy of the member: seeking in the archive is slow."""
        return spooled(self.open(name))

    def _add(self, info):
        name = member_name(info)
        if is_junk(name):
            return
        problem = refusal(info, name)
        if not problem and name in self._sources:
            problem = Problem(
                "zip_duplicate",
                _("%(container)s holds %(file)s twice; only the first was read."),
                _("Pack the export again, each file once."),
                file=name,
                container=self.name,
                severity=ERROR,
            )
        if problem:
            self.problems.append((name, problem))
        else:
            self._sources[name] = info

    def _size(self, source):
        return source.file_size

    def _crc(self, source):
        # The archive says it, and reading a member checks it.
        return source.CRC

    def _open(self, source):
        name = member_name(source)
        try:
            raw = self._archive.open(source)
        except (*BROKEN, NotImplementedError, RuntimeError) as error:
            raise zip_broken(name, error) from error
        limit = max(RATIO_FLOOR, MAX_RATIO * source.compress_size)
        return io.BufferedReader(GuardedStream(raw, name, limit), 1 << 18)


class GuardedStream(io.RawIOBase):
    """A member being read, stopped when it grows past what its size allows.

    Sizes in an archive are claims; only counting what comes out is sure.
    """

    def __init__(self, raw, name, limit):
        super().__init__()
        self._raw = raw
        self._name = name
        self._left = limit

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            data = self._raw.read(len(buffer))
        except BROKEN as error:
            raise zip_broken(self._name, error) from error
        self._left -= len(data)
        if self._left < 0:
            raise zip_bomb(self._name)
        buffer[: len(data)] = data
        return len(data)

    def close(self):
        self._raw.close()
        return super().close()


def member_name(info):
    """The name of a member as its maker wrote it.

    Python takes names without the UTF-8 flag for cp437; macOS writes UTF-8 there.
    """
    name = info.orig_filename
    if not info.flag_bits & UTF8_FLAG and not name.isascii():
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def refusal(info, name):
    """Why the member is not read, as a :class:`Problem`; None when it is."""
    if is_unsafe(info, name):
        return unsafe_path(CONTROL.sub("\ufffd", name))
    if info.flag_bits & ENCRYPTED_FLAG:
        return Problem(
            "zip_encrypted",
            _("%(file)s is protected by a password inside its ZIP archive."),
            _("Pack the export again without a password."),
            file=name,
            severity=ERROR,
        )
    if info.compress_type not in METHODS:
        return Problem(
            "zip_method",
            _("%(file)s is compressed in a way that is not supported (%(method)s)."),
            _("Pack the export again as an ordinary ZIP archive (deflate)."),
            file=name,
            method=info.compress_type,
            severity=ERROR,
        )
    if exceeds_ratio(info.file_size, info.compress_size):
        return zip_bomb(name)
    return None


def is_unsafe(info, name):
    """Whether the name leads out of the archive or the member is a link."""
    mode = info.external_attr >> 16
    return (
        not name
        or name.startswith("/")
        or "\\" in name
        or ".." in name.split("/")
        or bool(DRIVE.match(name))
        or bool(CONTROL.search(name))
        or stat.S_ISLNK(mode)
    )


def exceeds_ratio(size, compressed):
    """Whether ``size`` bytes out of ``compressed`` are more than text can give."""
    return size > RATIO_FLOOR and size > MAX_RATIO * max(compressed, 1)


def check_whole(infos, accepted, archive_size, name):
    """Refuse an archive that is a bomb as a whole.

    :param infos: all entries; :param accepted: those that passed alone
    :raises Problem: too many entries, too much data, or entries that share data
    """
    total = sum(info.file_size for info in accepted)
    packed = sum(info.compress_size for info in accepted)
    if (
        len(infos) > MAX_MEMBERS
        or total > MAX_TOTAL
        or packed > archive_size
        or exceeds_ratio(total, archive_size)
    ):
        raise zip_bomb(name)


def zip_bomb(name):
    """The :class:`Problem` of an archive or member that unpacks to far too much."""
    return Problem(
        "zip_bomb",
        _("%(file)s would unpack to far more data than an export holds; not read."),
        _("Check where the file comes from, and upload its content unpacked."),
        file=name,
        severity=ERROR,
    )


def zip_broken(name, error):
    """The :class:`Problem` of an archive or member that cannot be unpacked."""
    return Problem(
        "zip_broken",
        _("%(file)s is damaged or incomplete and cannot be unpacked: %(reason)s."),
        _("Download or export it again, and check that it opens on your computer."),
        file=name,
        reason=str(error) or type(error).__name__,
        severity=ERROR,
    )


def inspect_zip(stream):
    """What a stream that begins like a ZIP is: xlsx, xlsb, ods, office, zip, broken.

    The stream must be seekable; it is left open.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype")
                return "ods" if b"opendocument.spreadsheet" in kind else "office"
    except (*BROKEN, NotImplementedError, RuntimeError):
        return "broken"
    if "[Content_Types].xml" not in names:
        return "zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "xlsx" if any(name.startswith("xl/") for name in names) else "office"
