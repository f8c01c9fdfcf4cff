"""``migrate sample``: load a slice and compare it value by value."""

from .base import (
    DONE,
    INCOMPLETE,
    NotDone,
    add_command,
    add_output,
    execute,
    find_project,
    say,
    write_file,
    write_json,
)

STEP = 70


def register(commands):
    """Add the command."""
    sample = add_command(commands, "sample", _sample, "load a slice and compare it")
    sample.add_argument(
        "--size",
        type=int,
        metavar="N",
        help="records drawn by chance; what is special, or needed, comes besides",
    )
    sample.add_argument("--seed", help="draw the same slice again")
    sample.add_argument("--keep", action="store_true", help="leave it in Odoo")
    add_output(sample, "--csv", "write the comparison")


def _sample(env, arguments):
    project = find_project(env, arguments.project)
    if arguments.size is not None and arguments.size < 1:
        raise NotDone("--size: a sample has at least one record")
    options = project._sample_options(arguments.size, arguments.keep, arguments.seed)
    run = execute(env, arguments, "sample", **options)
    if not arguments.keep:
        execute(env, arguments, "rollback")
    lines = run.sample_line_ids
    for verdict, label in lines._fields["verdict"]._description_selection(env):
        count = len(lines.filtered(lambda line, key=verdict: line.verdict == key))
        if count:
            say(f"{label}: {count}")
    for line in lines._to_look_at():
        say(f"! {_compared(line._as_dict())}")
    say(f"{run.options['chosen']} records, seed {run.options['seed']}")
    if arguments.csv:
        write_file(arguments.csv, project._sample_csv())
    if arguments.json:
        diff = [line._as_dict() for line in lines]
        write_json(arguments.json, {**project._status(), "diff": diff})
    return INCOMPLETE if lines._to_look_at() else DONE


def _compared(told):
    """What is wrong with a value, or with a record as a whole, in a line."""
    place = " ".join(filter(None, (told["object"], told["source_id"], told["field"])))
    values = ""
    if told["field"]:
        source, there = told["source_value"] or "", told["odoo_value"] or ""
        values = f", “{source}” is “{there}”"
    reason = f". {told['reason']}" if told["reason"] else ""
    return f"{place}: {told['verdict']}{values}{reason}"
