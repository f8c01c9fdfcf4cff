"""``odoo-bin migrate``: the same migration from the command line.

Odoo loads this file as ``odoo.cli.migrate``, outside of the addon's package; all it
does is done by the addon's models.
"""

import argparse
import importlib
import importlib.util
import os
import sys
from contextlib import contextmanager
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

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
base = importlib.import_module(f"{_VERBS}.base")
DONE, INCOMPLETE, NOT_DONE = base.DONE, base.INCOMPLETE, base.NOT_DONE
NotDone = base.NotDone
_command, _project, _user = base.add_command, base.find_project, base.find_user
_execute, _finish, _say = base.execute, base.finish, base.say
_write, _write_json = base.write_status, base.write_json
_write_file, _read_file = base.write_file, base.read_file


class Migrate(Command):
    """Move a CRM into Odoo: new, audit, map, owners, prepare, load, review, status …"""

    name = "migrate"

    def run(self, cmdargs):
        arguments = _parser(self.prog).parse_args(cmdargs)
        try:
            with _environment(arguments) as env:
                status = arguments.run(env, arguments)
        except (NotDone, UserError, OSError) as error:
            print(f"migrate: {error}", file=sys.stderr)  # pylint: disable=print-used
            status = NOT_DONE
        sys.exit(status)


def _parser(prog):
    parser = argparse.ArgumentParser(prog=prog, description=Migrate.__doc__)
    parser.add_argument("-c", "--config", help="Odoo's configuration file")
    parser.add_argument("-d", "--database", help="database to migrate into")
    parser.add_argument("--addons-path")
    parser.add_argument("-v", "--verbose", action="store_true", help="show Odoo's log")
    commands = parser.add_subparsers(dest="command", required=True)

    new = commands.add_parser("new", help="create a migration")
    new.add_argument("--source", required=True, metavar="CODE")
    new.add_argument("--name", required=True)
    new.add_argument("--files", nargs="+", default=[], metavar="PATH")
    new.add_argument("--url", help="address of the source's API")
    new.add_argument(
        "--auth", metavar="KIND", help="none, basic, bearer, ticket, oauth2_client …"
    )
    new.add_argument(
        "--user", metavar="LOGIN", help="secrets: MIGRATE_PASSWORD, MIGRATE_TOKEN"
    )
    new.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    new.set_defaults(run=_new)

    _command(commands, "check", _check, "try the connection, right by right")
    audit = _command(commands, "audit", _audit, "read the files, propose a mapping")
    audit.add_argument("--files", nargs="+", default=[], metavar="PATH")
    audit.add_argument("--xlsx", metavar="FILE", help="write the report as a workbook")
    mapping = _command(commands, "map", _map, "confirm, save or load the mapping")
    mapping.add_argument(
        "--load", metavar="FILE", help="take a mapping over: .xlsx, or JSON"
    )
    mapping.add_argument(
        "--unconfirmed",
        action="store_true",
        help="what is loaded is confirmed here again",
    )
    mapping.add_argument(
        "--save", metavar="FILE", help="the specification as .xlsx, or JSON"
    )
    confirm = mapping.add_mutually_exclusive_group()
    confirm.add_argument("--confirm-above", type=float, metavar="CONFIDENCE")
    confirm.add_argument("--confirm-all", action="store_true")
    _command(commands, "prepare", _prepare, "create fields, pipelines, stages, tags")
    sample = _command(commands, "sample", _sample, "load a slice and compare it")
    sample.add_argument("--size", type=int, metavar="N", help="records to choose")
    sample.add_argument("--seed", help="draw the same slice again")
    sample.add_argument("--keep", action="store_true", help="leave it in Odoo")
    sample.add_argument("--csv", metavar="FILE", help="write the comparison")
    approve = _command(commands, "approve", _approve, "sign the mapping off")
    approve.add_argument("--by", required=True, metavar="LOGIN")
    load = _command(commands, "load", _load, "load all that is pending")
    load.add_argument("--dry-run", action="store_true", help="take it back afterwards")
    load.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="at most so many processes; this version uses one",
    )
    rollback = _command(commands, "rollback", _rollback, "take the migration back")
    rollback.add_argument("--preview", action="store_true", help="only say what goes")
    rollback.add_argument(
        "--run", type=int, dest="run_id", help="only what this run did"
    )
    rollback.add_argument(
        "--force", action="store_true", help="force all that can be forced"
    )
    for reason, text in (
        ("changed", "what users have changed since"),
        ("added", "what users have added something to"),
        ("needed", "what a record refers to that is not taken back"),
        ("refused", "what Odoo does not delete"),
    ):
        rollback.add_argument(
            f"--{reason}",
            choices=("leave", "archive", "force")[: 2 if reason == "refused" else 3],
            help=text,
        )
    review = _command(commands, "review", _review, "decide what several records may be")
    decision = review.add_mutually_exclusive_group()
    decision.add_argument(
        "--choose", nargs="+", default=[], metavar="SOURCE_ID=RES_ID", help="link it"
    )
    decision.add_argument(
        "--create", nargs="+", default=[], metavar="SOURCE_ID", help="or “all”"
    )
    decision.add_argument(
        "--leave-out", nargs="+", default=[], metavar="SOURCE_ID", help="do not load it"
    )
    owners = _command(commands, "owners", _owners, "say who gets whose records")
    owners.add_argument("--xlsx", metavar="FILE", help="write them as a workbook")
    owners.add_argument(
        "--set", nargs="+", default=[], metavar="KEY=LOGIN", help="choose a user"
    )
    owners.add_argument(
        "--create", nargs="+", default=[], metavar="KEY", help="a user each, or “all”"
    )
    owners.add_argument("--fallback", metavar="LOGIN", help="for all others")
    _command(commands, "status", _status, "say how far the migration is")
    verbs.register(commands)
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


def _new(env, arguments):
    source = env["migration.source"].search([("code", "=", arguments.source)])
    if not source:
        codes = ", ".join(env["migration.source"].search([]).mapped("code"))
        raise NotDone(f"there is no source “{arguments.source}”; there are: {codes}")
    values = dict(_option(env, text) for text in arguments.option)
    connection = {
        name: values.pop(name)
        for name in list(values)
        if name not in env["migration.project"]._fields
    }
    project = env["migration.project"].create(
        {"name": arguments.name, "source_id": source.id, **values}
    )
    for path in arguments.files:
        project._add_path(path)
    if arguments.url:
        project._connect(**_connection(env, arguments), **connection)
    elif connection:
        raise NotDone(f"{', '.join(connection)}: only with --url")
    _say(project.key)
    return DONE


def _connection(env, arguments):
    """Values of the connection; secrets come from the environment alone."""
    values = {"base_url": arguments.url}
    if arguments.auth:
        kinds = env["migration.connection"]._fields["auth"].get_values(env)
        if arguments.auth not in kinds:
            raise NotDone(f"--auth is one of: {', '.join(kinds)}")
        values["auth"] = arguments.auth
    secret = os.environ.get("MIGRATE_PASSWORD")
    token = os.environ.get("MIGRATE_TOKEN")
    oauth = (arguments.auth or "").startswith("oauth2")
    values["client_id" if oauth else "login"] = arguments.user
    values["client_secret" if oauth else "password"] = secret
    values["refresh_token" if arguments.auth == "oauth2_refresh" else "token"] = token
    return values


def _check(env, arguments):
    project = _project(env, arguments.project)
    connection = project.connection_ids
    if not connection:
        raise NotDone(f"{project.key} reads files only; there is nothing to check")
    connection._check_all()
    for endpoint in connection.endpoint_ids.filtered("check_state"):
        _say(f"{endpoint.name}: {endpoint.check_state} – {endpoint.check_message}")
    _say(connection.check_message)
    wrong = connection.endpoint_ids.filtered(lambda one: one.check_state == "wrong")
    if not connection.is_reachable:
        raise NotDone(connection.check_message)
    return INCOMPLETE if wrong else DONE


def _option(env, text):
    """``KEY=VALUE`` as field name and value of the project."""
    key, equals, value = text.partition("=")
    fields = env["migration.project"]._fields
    field = fields.get(key) or fields.get(f"{key}_id")
    connection = env["migration.connection"]._fields
    if not field and key in connection and not connection[key].groups:
        field = connection[key]
    if not equals or not field or field.compute or field.type == "one2many":
        raise NotDone(f"“{text}” is no option; write KEY=VALUE with a project's field")
    if field.type == "many2one":
        name = "login" if field.comodel_name == "res.users" else "name"
        found = env[field.comodel_name].search([(name, "=", value)])
        if len(found) != 1:
            raise NotDone(f"{key}: “{value}” is not the {name} of exactly one record")
        return field.name, found.id
    if field.type == "boolean":
        return field.name, value.lower() in ("1", "true", "yes")
    if field.type in ("integer", "float"):
        try:
            return field.name, int(value) if field.type == "integer" else float(value)
        except ValueError:
            raise NotDone(f"{key}: “{value}” is not a number") from None
    if field.type == "selection" and value not in field.get_values(env):
        options = ", ".join(field.get_values(env))
        raise NotDone(f"{key}: “{value}” is none of: {options}")
    return field.name, value


def _audit(env, arguments):
    project = _project(env, arguments.project)
    for path in arguments.files:
        project._add_path(path)
    status = _finish(_execute(env, arguments, "audit"), arguments)
    for finding in project.finding_ids:
        samples = f" [{finding.samples}]" if finding.samples else ""
        _say(f"! {finding.name} ({finding.count}){samples} {finding.remedy or ''}")
    for owner in project.owner_ids:
        user = owner.user_id.login or "no user"
        _say(f"owner {owner.key}: {owner.record_count} records, {user}")
    if arguments.xlsx:
        content = env["migration.report.xlsx"]._workbook(project)
        _write_file(arguments.xlsx, content)
    return status


def _map(env, arguments):
    project = _project(env, arguments.project)
    if arguments.load:
        content = _read_file(arguments.load)
        confirmed = not arguments.unconfirmed
        for text in project._load_mapping(arguments.load, content, confirmed):
            _say(f"! {text}")
    if arguments.confirm_all:
        project.action_confirm()
    elif arguments.confirm_above is not None:
        lines = project.mapping_ids.field_ids
        lines.filtered(
            lambda line: (
                line.confidence >= arguments.confirm_above and not line.confirmed
            )
        )._confirm()
        project.action_decide_empty_words()
    if arguments.save:
        _write_file(arguments.save, project._save_mapping(arguments.save))
    _write(arguments, project)
    left = project.unconfirmed_count
    _say(f"{left} lines are not confirmed" if left else "every line is confirmed")
    return INCOMPLETE if left else DONE


def _prepare(env, arguments):
    return _finish(_execute(env, arguments, "prepare"), arguments)


def _sample(env, arguments):
    project = _project(env, arguments.project)
    if arguments.size is not None and arguments.size < 1:
        raise NotDone("--size: a sample has at least one record")
    options = project._sample_options(arguments.size, arguments.keep, arguments.seed)
    run = _execute(env, arguments, "sample", **options)
    if not arguments.keep:
        _execute(env, arguments, "rollback")
    lines = run.sample_line_ids
    for verdict, label in lines._fields["verdict"]._description_selection(env):
        count = len(lines.filtered(lambda line, key=verdict: line.verdict == key))
        if count:
            _say(f"{label}: {count}")
    for line in lines._to_look_at():
        _say(f"! {_compared(line._as_dict())}")
    _say(f"{run.options['chosen']} records, seed {run.options['seed']}")
    if arguments.csv:
        _write_file(arguments.csv, project._sample_csv())
    if arguments.json:
        diff = [line._as_dict() for line in lines]
        _write_json(arguments.json, {**project._status(), "diff": diff})
    return INCOMPLETE if lines._to_look_at() else DONE


def _compared(told):
    """What is wrong with a value, or with a record as a whole, in a line."""
    place = " ".join(filter(None, (told["object"], told["source_id"], told["field"])))
    values = ""
    if told["field"]:
        values = f", {told['source_value']!r} is {told['odoo_value']!r}"
    reason = f". {told['reason']}" if told["reason"] else ""
    return f"{place}: {told['verdict']}{values}{reason}"


def _approve(env, arguments):
    project = _project(env, arguments.project)
    project._check_prepared()
    project._approve(_user(env, arguments.by))
    _say(f"approved by {arguments.by}: mapping {project.approved_version}")
    _write(arguments, project)
    return DONE


def _load(env, arguments):
    if arguments.workers > 1:
        _say("one process works on a run; no more of --workers are used")
    kind = "dry_run" if arguments.dry_run else "load"
    run = _execute(env, arguments, kind)
    status = _finish(run, arguments)
    if arguments.dry_run:
        _report_dry_run(env, run, arguments)
    return status


def _report_dry_run(env, run, arguments):
    """Say why records would not be loaded, the commonest reason first."""
    report = env["migration.rehearsal.report"]._data(run)
    for reason in report["reasons"]:
        place = " ".join(filter(None, (reason["object"], reason["column"])))
        _say(f"! {reason['count']} {reason['kind']}: {place}: {reason['example']}")
    if arguments.json:
        _write_json(arguments.json, {**run.project_id._status(), "dry_run": report})


def _rollback(env, arguments):
    project = _project(env, arguments.project)
    target = env["migration.run"].browse(arguments.run_id).exists()
    undoable = target.project_id == project and target.undoable
    if arguments.run_id and not undoable:
        raise NotDone(f"{project.key} has no load or prepare run {arguments.run_id}")
    names = ("changed", "added", "needed", "refused", "force")
    options = {name: getattr(arguments, name) for name in names}
    if arguments.preview:
        wizard = env["migration.rollback.wizard"]
        lines = wizard._foretell(project, target, options)
        for line in lines:
            reason = f" – {line['reason']}" if line["reason"] else ""
            _say(f"{line['action']}: {line['count']} {line['name']}{reason}")
        if not lines:
            _say("there is nothing to take back")
        if arguments.json:
            _write_json(arguments.json, lines)
        return DONE
    run = _execute(env, arguments, "rollback", run_id=target.id, **options)
    counts = run._taken_back()
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    _say(told or run.message)
    if arguments.json:
        status = {**project._status(), "taken_back": counts}
        _write_json(arguments.json, status)
    return INCOMPLETE if counts["kept"] or counts["archived"] else DONE


def _review(env, arguments):
    project = _project(env, arguments.project)
    for text in arguments.choose:
        source_id, _equals, res_id = text.rpartition("=")
        if not source_id or not res_id.isdigit():
            raise NotDone(f"“{text}” is no choice; write SOURCE_ID=RES_ID")
        project._staged_record(source_id)._decide("link", int(res_id))
    for text in arguments.create:
        every = text == "all"
        records = project._under_review() if every else project._staged_record(text)
        records.action_create_new()
    for text in arguments.leave_out:
        project._staged_record(text).action_leave_out()
    waiting = project._review()
    for record in waiting:
        _say(f"{record['object']}/{record['source_id']}: {record['error']}")
        for candidate in record["candidates"]:
            _say(f"  {candidate['id']} {candidate['name']} – {candidate['in_common']}")
    _say(f"{len(waiting)} records to review" if waiting else "nothing to review")
    if arguments.json:
        _write_json(arguments.json, waiting)
    return INCOMPLETE if waiting else DONE


def _owners(env, arguments):
    project = _project(env, arguments.project)
    for text in arguments.set:
        key, _equals, login = text.rpartition("=")
        if not key or not login:
            raise NotDone(f"“{text}” is no choice; write KEY=LOGIN")
        project._owner(key).user_id = _user(env, login)
    if arguments.fallback:
        project.fallback_user_id = _user(env, arguments.fallback)
    refused = []
    if arguments.create:
        owners = project.owner_ids.browse()
        for key in arguments.create:
            every = project.owner_ids.filtered(
                lambda one: one.record_count and not (one.may_be or one.use_fallback)
            )
            owners |= every if key == "all" else project._owner(key)
        refused = owners._create_users()
    for owner in project.owner_ids:
        user = owner._user().login or "no user"
        held = f", {owner.held_count} held" if owner.held_count else ""
        _say(
            f"{owner.key}: {owner.record_count} records{held}, {owner.state}, {user}"
            f" – {owner.reason}"
        )
    for text in refused:
        _say(f"! {text}")
    if arguments.xlsx:
        _write_file(arguments.xlsx, env["migration.owner.report"]._workbook(project))
    if arguments.json:
        _write_json(arguments.json, [owner._as_dict() for owner in project.owner_ids])
    left = project.unmatched_count
    _say(f"{left} owners have no user" if left else "every owner has a user")
    return INCOMPLETE if left or refused else DONE


def _status(env, arguments):
    project = _project(env, arguments.project)
    status = project._status()
    _say(f"{project.name} ({project.key}): {project.state}")
    for name, counts in status["records"].items():
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        _say(f"{name}: {told}")
    for error in status["errors"]:
        _say(f"! {error['object']} {error['source_id']}: {error['error']}")
    _write(arguments, project)
    left = sum(
        counts.get("failed", 0) + counts.get("held", 0)
        for counts in status["records"].values()
    )
    return INCOMPLETE if left else DONE
