"""A file, a folder or a ZIP archive, all read the same way."""

import os
import shutil
import stat
import tempfile
import zlib

from ..errors import Problem, _
from .model import ERROR, Member

#: Files that operating systems leave behind, never data.
JUNK_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}
JUNK_FOLDERS = {"__macosx"}


def unreadable(name, error):
    """The problem of a file ``name`` that the system will not open (OSError)."""
    return Problem(
        "file_unreadable",
        _("%(file)s cannot be opened: %(reason)s."),
        _("Check that the file is there and may be read, then try again."),
        file=name,
        reason=error.strerror or str(error),
        severity=ERROR,
    )


class Container:
    """Members by name; use it as a context manager.

    ``kind`` is file, folder or zip. ``problems`` lists what was refused when the
    container was opened, as pairs of member name and :class:`Problem`.
    """

    kind = "file"

    def __init__(self, name):
        self.name = name
        self.problems = []
        self._sources = {}

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Release what the container holds open."""

    def members(self):
        """The readable members, as a list of :class:`Member`."""
        return [Member(name, self.size(name)) for name in self._sources]

    def size(self, name):
        """Uncompressed size of the member ``name`` in bytes."""
        return self._size(self._source(name))

    def mark(self, name):
        """A text that tells whether the content of the member has changed."""
        return f"{self.size(name)}-{self._crc(self._source(name)):08x}"

    def open(self, name):
        """A binary stream of the member ``name``, from its beginning.

        :raises Problem: the member is not there or cannot be read
        """
        source = self._source(name)
        try:
            return self._open(source)
        except OSError as error:
            raise unreadable(name, error) from error

    def open_seekable(self, name):
        """Like :meth:`open`, but the stream can go back without reading anew."""
        return self.open(name)

    def _source(self, name):
        if name not in self._sources:
            raise Problem(
                "member_missing",
                _("%(container)s holds no file named %(file)s."),
                _("Upload the complete export again."),
                file=name,
                container=self.name,
                severity=ERROR,
            )
        return self._sources[name]

    def _size(self, source):
        return os.path.getsize(source)

    def _crc(self, source):
        crc = 0
        with self._open(source) as stream:
            while part := stream.read(1 << 20):
                crc = zlib.crc32(part, crc)
        return crc

    def _open(self, source):
        return open(source, "rb")


class FileContainer(Container):
    """A single file; its only member carries the file's name."""

    def __init__(self, path, name):
        super().__init__(name)
        self._sources[name] = path


class FolderContainer(Container):
    """A folder with everything below it."""

    kind = "folder"

    def __init__(self, path, name):
        super().__init__(name)
        root = os.path.realpath(path)
        for folder, folders, files in os.walk(root):
            folders.sort()
            for file in sorted(files):
                self._add(root, os.path.join(folder, file))

    def _add(self, root, path):
        name = os.path.relpath(path, root).replace(os.sep, "/")
        # An undecodable name arrives with surrogates, which no database takes.
        name = os.fsencode(name).decode("utf-8", "replace")
        if is_junk(name):
            return
        target = os.path.realpath(path)
        if os.path.commonpath([root, target]) != root:
            self.problems.append((name, unsafe_path(name)))
        elif os.path.exists(target) and stat.S_ISREG(os.stat(target).st_mode):
            self._sources[name] = target


def is_junk(name):
    """Whether the member ``name`` is a leftover of an operating system."""
    parts = name.lower().split("/")
    return (
        parts[-1] in JUNK_NAMES
        or parts[-1].startswith("._")
        or not JUNK_FOLDERS.isdisjoint(parts)
    )


def unsafe_path(name):
    """The :class:`Problem` of a member whose name leads out of its container."""
    return Problem(
        "unsafe_path",
        _("%(file)s leads out of the folder it is in, so it was not read."),
        _("Pack the export again with plain relative file names, without links."),
        file=name,
        severity=ERROR,
    )


def spooled(stream):
    """A temporary file with all of ``stream``, which is closed."""
    with stream:
        copy = tempfile.TemporaryFile()
        try:
            shutil.copyfileobj(stream, copy, 1 << 20)
            copy.seek(0)
        except BaseException:
            copy.close()
            raise
    return copy
