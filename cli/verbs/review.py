"""``migrate review``: what several records of Odoo may be."""

from .base import DONE, INCOMPLETE, NotDone, add_command, find_project, say, write_json

STEP = 110


def register(commands):
    """Add the command."""
    review = add_command(
        commands, "review", _review, "decide what several records may be"
    )
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


def _review(env, arguments):
    project = find_project(env, arguments.project)
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
        say(f"{record['object']}/{record['source_id']}: {record['error']}")
        for candidate in record["candidates"]:
            say(f"  {candidate['id']} {candidate['name']} – {candidate['in_common']}")
    say(f"{len(waiting)} records to review" if waiting else "nothing to review")
    if arguments.json:
        write_json(arguments.json, waiting)
    return INCOMPLETE if waiting else DONE
