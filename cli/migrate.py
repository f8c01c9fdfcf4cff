"""``odoo-bin migrate``: the same migration from the command line.

Odoo loads this file as ``odoo.cli.migrate``, outside of the addon's package; all it
does is done by the addon's models.
"""

import argparse
import importlib.util
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import config, mute_logger

_VERBS = "odoo.cli.migrate_verbs"


def _load_verbs():
    """The package ``verbs`` beside this file.

    It is loaded by its path, as this file is: an import from the addon would load its
    models before Odoo is configured.
    """
    if _VERBS not in sys.modules:
        folder = Path(__file__).with_name("verbs")
        spec = importlib.util.spec_from_file_location(
            _VERBS,
            folder / "__init__.py",
            submodule_search_locations=[str(folder)],
        )
        sys.modules[_VERBS] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_VERBS])
    return sys.modules[_VERBS]


verbs = _load_verbs()
NotDone = verbs.NotDone


class Migrate(Command):
    """Move a CRM into Odoo: new, audit, map, owners, prepare, load, review, status …"""

    name = "migrate"

    def run(self, cmdargs):
        arguments = _parser(self.prog).parse_args(cmdargs)
        try:
            with _environment(arguments) as env, _refusals_told(env):
                status = arguments.run(env, arguments)
        except (NotDone, UserError, OSError) as error:
            print(f"migrate: {error}", file=sys.stderr)  # pylint: disable=print-used
            status = verbs.NOT_DONE
        except KeyboardInterrupt:
            told = "interrupted; the same command goes on where it was"
            print(f"migrate: {told}", file=sys.stderr)  # pylint: disable=print-used
            status = verbs.NOT_DONE
        sys.exit(status)


@contextmanager
def _refusals_told(env):
    """Tell what the database refuses as the screens do, in a sentence.

    :raises NotDone: in place of the error of the database
    """
    try:
        with mute_logger("odoo.sql_db"):
            yield
            env.flush_all()
    except psycopg2.DataError as error:
        raise NotDone(error.diag.message_primary) from error
    except psycopg2.IntegrityError as error:
        # To say it in words, the cursor has to work again.
        env.cr.rollback()
        table = error.diag.table_name
        names = (one._name for one in env.registry.values() if one._table == table)
        model = env[next(names, "base")]
        raise NotDone(model._sql_error_to_message(error)) from error
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
        raise NotDone(
            "somebody has changed the same in Odoo at this moment; do it again"
        ) from error


def _parser(prog):
    parser = argparse.ArgumentParser(prog=prog, description=Migrate.__doc__)
    parser.add_argument("-c", "--config", help="Odoo's configuration file")
    parser.add_argument("-d", "--database", help="database to migrate into")
    parser.add_argument("--addons-path")
    parser.add_argument("-v", "--verbose", action="store_true", help="show Odoo's log")
    verbs.register(parser.add_subparsers(dest="command", required=True))
    return parser


@contextmanager
def _environment(arguments):
    """An environment of the superuser on the database, committed at the end."""
    options = []
    for name in ("config", "database", "addons_path"):
        if getattr(arguments, name):
            options += [f"--{name.replace('_', '-')}", getattr(arguments, name)]
    level = "info" if arguments.verbose else "warn"
    options += ["--no-http", f"--log-level={level}"]
    config.parse_config(options, setup_logging=True)
    names = config["db_name"]
    database = names[0] if isinstance(names, list) and names else names
    if not database:
        raise NotDone("say which database: migrate -d DATABASE …")
    try:
        registry = Registry(database)
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise NotDone(f"{database}: {reason[0] if reason else error}") from error
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if "migration.project" not in env:
            raise NotDone(f"{database}: install the app CRM Migration first")
        lang = env.user.lang or "en_US"
        yield env(context={"lang": lang, "tz": "UTC"})
