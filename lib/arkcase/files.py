"""Documents: where a file belongs, and what is known about its content."""

from .values import HISTORY, history, others

# Path under which the API is asked for the content of a file.
PATH = "api:/api/latest/plugin/ecm/download?inline=false&ecmFileId="
_FILE = HISTORY | frozenset(
    "fileId fileName fileType fileActiveVersionMimeType fileMimeType "
    "fileActiveVersionNameExtension activeVersionTag versions folder container tags "
    "participants organizationAssociation personAssociation description status "
    "category versionSeriesId cmisRepositoryId uuid securityField link "
    "zylabFileMetadata legacySystemId exemptionCodes".split()
)
# Length of a checksum in hexadecimal digits → what it was made by.
_CHECKSUMS = {32: "md5", 40: "sha1", 64: "sha256"}
_ROOT = "ROOT"


def shape_file(record):
    """One row of a file and of its active version."""
    container = record.get("container") or {}
    version = _active(record)
    digest = (version.get("fileHash") or "").lower()
    kind = _CHECKSUMS.get(len(digest))
    yield {
        "file_id": record.get("fileId"),
        "related_type": _parent_type(container.get("containerObjectType")),
        "related_id": container.get("containerObjectId"),
        "file_name": _name(record, version),
        "path": f"{PATH}{record.get('fileId')}",
        "folder": _folder(record.get("folder")),
        "mime_type": record.get("fileActiveVersionMimeType")
        or record.get("fileMimeType")
        or version.get("versionMimeType"),
        "size": version.get("fileSizeBytes"),
        **{name: digest if name == kind else None for name in _CHECKSUMS.values()},
        "version": record.get("activeVersionTag"),
        "file_type": record.get("fileType"),
        "category": record.get("category"),
        "exemption_codes": "; ".join(map(str, record.get("exemptionCodes") or ()))
        or None,
        "description": record.get("description"),
        **history(record),
        **others(record, _FILE),
    }


def _active(record):
    versions = record.get("versions") or []
    tag = record.get("activeVersionTag")
    return next((one for one in versions if one.get("versionTag") == tag), {})


def _name(record, version):
    """The name with its extension, which ArkCase keeps apart."""
    name = record.get("fileName") or ""
    extension = record.get("fileActiveVersionNameExtension") or version.get(
        "versionFileNameExtension"
    )
    if not extension:
        return name
    extension = f".{extension.lstrip('.')}"
    return name if name.casefold().endswith(extension.casefold()) else name + extension


def _folder(folder):
    """Names of the folders from the top, without the root that every object has."""
    names = []
    while folder:
        if folder.get("name") and folder["name"] != _ROOT:
            names.append(folder["name"])
        folder = folder.get("parentFolder")
    return "/".join(reversed(names)) or None


def _parent_type(name):
    return "CASE_FILE" if name == "CASE" else name
