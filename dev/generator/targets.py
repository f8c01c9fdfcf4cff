"""Where an export goes: a folder or a ZIP, seen whole or not at all."""

import contextlib
import os
import shutil
import tempfile
import zipfile

from .formats import zip_member


class Folder:
    """Files below a folder; :meth:`open` gives a binary stream to write to."""

    def __init__(self, path):
        self._path = path

    @contextlib.contextmanager
    def open(self, name):
        """A binary stream for the file ``name`` (``/`` separates folders)."""
        path = os.path.join(self._path, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            yield stream


class Archive:
    """Members of a ZIP; one is open at a time."""

    def __init__(self, archive):
        self._archive = archive

    @contextlib.contextmanager
    def open(self, name):
        """A binary stream for the member ``name``, of any size."""
        with self._archive.open(zip_member(name), "w", force_zip64=True) as stream:
            yield stream


@contextlib.contextmanager
def target(path, zipped):
    """A :class:`Folder` or :class:`Archive` that becomes ``path`` at the end.

    :raises FileExistsError: ``path`` is a folder that holds something already
    """
    path = os.path.abspath(path)
    if os.path.isdir(path) and (zipped or os.listdir(path)):
        raise FileExistsError(f"{path} is a folder that is there already")
    if not zipped and os.path.isfile(path):
        raise FileExistsError(f"{path} is a file; a folder is to be written")
    parent = os.path.dirname(path)
    os.makedirs(parent, exist_ok=True)
    work = tempfile.mkdtemp(prefix=".generate-", dir=parent)
    try:
        made = os.path.join(work, "export")
        if zipped:
            with zipfile.ZipFile(made, "w") as archive:
                yield Archive(archive)
        else:
            os.mkdir(made)
            yield Folder(made)
        if os.path.isdir(path):
            os.rmdir(path)
        os.replace(made, path)
    finally:
        shutil.rmtree(work)
