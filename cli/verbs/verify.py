"""``migrate verify``: whether Odoo holds what the source said."""

from .base import (
    DONE,
    INCOMPLETE,
    add_command,
    add_output,
    execute,
    find_project,
    say,
    write_file,
    write_json,
)

STEP = 130


def register(commands):
    """Add the command."""
    verify = add_command(
        commands, "verify", _verify, "check that Odoo holds what the source said"
    )
    add_output(verify, "--xlsx", "write the report as a workbook")
    verify.add_argument("--seed", help="draw the same records again")


def _verify(env, arguments):
    project = find_project(env, arguments.project)
    options = project._verify_options(arguments.seed)
    run = execute(env, arguments, "verify", **options)
    for check in run.check_ids.filtered(lambda one: one.verdict != "3_ok"):
        told = check._as_dict()
        say(
            f"! {told['object'] or project.key}: {told['verdict']}, {told['subject']}: "
            f"{told['found']:.10g}, expected {told['expected']:.10g}. "
            f"{told['message'] or ''}"
        )
    say(f"{run.message} Seed {run.options['seed']}.")
    if arguments.xlsx:
        write_file(arguments.xlsx, project._verify_file()[1])
    if arguments.json:
        checks = [check._as_dict() for check in run.check_ids]
        report = {**project._status(), "verification": project.verify_verdict}
        write_json(arguments.json, {**report, "checks": checks})
    return INCOMPLETE if project.verify_failed_count else DONE
