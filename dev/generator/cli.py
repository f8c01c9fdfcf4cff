"""The command line of ``dev/generate``."""

import argparse
import sys
import time

from . import history, masters, setup, words
from .documents import document
from .formats import Dialect, Workbook, write_csv, write_json, write_jsonl
from .layout import TABLES
from .targets import target
from .warts import DIALECTS, Plan, manifest
from .world import Sizes, World

_ROWS = {
    "users": setup.user_rows,
    "pipelines": setup.pipeline_rows,
    "stages": setup.stage_rows,
    "tags": setup.tag_rows,
    "custom_fields": setup.custom_field_rows,
    "companies": masters.company_rows,
    "contacts": masters.contact_rows,
    "contact_companies": masters.link_rows,
    "deals": history.deal_rows,
    "activities": history.activity_rows,
    "notes": history.note_rows,
    "files": history.file_rows,
}

_WRITERS = {"csv": write_csv, "json": write_json, "jsonl": write_jsonl}


def _size(text):
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value


def _owners(text):
    owners = [email.strip() for email in text.split(",")]
    if not all("@" in email for email in owners):
        raise argparse.ArgumentTypeError("must be e-mail addresses, comma between")
    return owners


def _parser():
    parser = argparse.ArgumentParser(
        prog="dev/generate",
        description="Make an Allegory export of any size from a seed.",
    )
    parser.add_argument("--out", metavar="PATH", help="folder, or file with --zip")
    parser.add_argument(
        "--format", choices=("csv", "xlsx", "json", "jsonl"), default="csv"
    )
    parser.add_argument("--zip", action="store_true", help="one ZIP, no folder")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--scale",
        type=_size,
        default=200,
        metavar="N",
        help="contacts; the other sizes follow in proportion (default %(default)s)",
    )
    for kind in Sizes.__dataclass_fields__:
        parser.add_argument(f"--{kind}", type=_size, metavar="N")
    parser.add_argument(
        "--owners",
        type=_owners,
        default=words.OWNERS,
        metavar="A@X,B@Y",
        help="e-mails of the users that own the records",
    )
    state = parser.add_mutually_exclusive_group()
    state.add_argument(
        "--clean", action="store_true", help="nothing wrong with it (the default)"
    )
    state.add_argument(
        "--warts", action="store_true", help="what is wrong with real exports"
    )
    parser.add_argument(
        "--manifest",
        action="store_true",
        help="print what --warts plants, as a table; writes no export",
    )
    return parser


def _tables(world, plan):
    """``(name, columns, rows, dialect)`` of every table of the export."""
    for name, columns in TABLES.items():
        rows = _ROWS[name](world)
        dialect = Dialect()
        if plan:
            columns = plan.columns(name, columns)
            rows = plan.rows(name, rows)
            dialect = DIALECTS.get(name, dialect)
        yield name, columns, rows, dialect


def _write_documents(out, world, plan):
    for index, row in enumerate(history.file_rows(world)):
        if plan and plan.is_missing(index):
            continue
        with out.open(row["path"]) as stream:
            stream.write(document(world, index)[2])
    if plan:
        for name, content in plan.unlisted_documents():
            with out.open(name) as stream:
                stream.write(content)


def write_export(out, world, plan, fmt):
    """Write the export; returns the number of rows of each table by its name.

    :param out: a target of :mod:`targets`
    :param plan: the warts to plant, or ``None``
    :raises ValueError: a table does not fit into the format
    """
    counts = {}
    if fmt == "xlsx":
        book = Workbook()
        for name, columns, rows, dialect in _tables(world, plan):
            counts[name] = book.add(name, columns, rows, dialect)
        with out.open("allegory.xlsx") as stream:
            book.save(stream)
    else:
        for name, columns, rows, dialect in _tables(world, plan):
            with out.open(f"{name}.{fmt}") as stream:
                counts[name] = _WRITERS[fmt](stream, columns, rows, dialect)
    _write_documents(out, world, plan)
    return counts


def main(arguments=None):
    """Run the command; returns the exit status: 0 done, 2 not done."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.manifest:
        print(manifest())
        return 0
    if not options.out:
        parser.error("--out PATH is missing: where shall the export go?")
    given = {kind: getattr(options, kind) for kind in Sizes.__dataclass_fields__}
    started = time.monotonic()
    try:
        sizes = Sizes.from_scale(options.scale, **given)
        world = World(options.seed, sizes, options.owners)
        plan = Plan(world) if options.warts else None
        with target(options.out, options.zip) as out:
            counts = write_export(out, world, plan, options.format)
    except (ValueError, OSError) as error:
        print(f"dev/generate: {error}", file=sys.stderr)
        return 2
    for name, count in counts.items():
        print(f"{name:18}{count:>10,}")
    print(f"{options.out} written in {time.monotonic() - started:.1f} s")
    return 0
