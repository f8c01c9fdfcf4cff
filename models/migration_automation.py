import json

from odoo import api, fields, models

from ..lib.automations import read_automation, suggest


class MigrationAutomation(models.Model):
    """A workflow of the source: listed and explained, never executed nor created."""

    _name = "migration.automation"
    _inherit = ["migration.part"]
    _description = "Migration Automation"
    _order = "project_id, name, id"

    source_id = fields.Char(string="Source ID", readonly=True)
    name = fields.Char(required=True, readonly=True)
    trigger = fields.Text(readonly=True)
    conditions = fields.Text(readonly=True)
    actions = fields.Text(readonly=True)
    steps = fields.Text(readonly=True, help="What its definition goes through.")
    active_in_source = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")],
        string="Active",
        readonly=True,
    )
    suggestion = fields.Text(readonly=True, help="What Odoo offers for it.")
    blueprint = fields.Json(readonly=True)
    unclear = fields.Text(
        string="To Decide", readonly=True, help="What nothing in Odoo was found for."
    )
    problem = fields.Text(readonly=True)
    done = fields.Boolean(
        string="Rebuilt", help="Tick it when it has been rebuilt, or is not needed."
    )

    _source_uniq = models.Constraint(
        "UNIQUE(project_id, source_id)", "This automation is listed already."
    )

    @api.model
    def _list(self, run):
        """List the automations that are staged; ticks of those listed before stay."""
        project = run.project_id
        known = {one.source_id: one for one in project.automation_ids}
        kept = self.browse()
        for mapping in project.mapping_ids.filtered(
            lambda one: one.active and one.role == "automations"
        ):
            for source_id, cells in mapping._iter_cells():
                values = {}
                for target, value in cells:
                    values[target] = values.get(target) or value
                vals = self._vals(*read_automation(values))
                vals["name"] = vals["name"] or source_id
                record = known.get(source_id)
                if record:
                    record.sudo().write(vals)
                else:
                    record = self.sudo().create(
                        {**vals, "project_id": project.id, "source_id": source_id}
                    )
                kept |= record
        (project.automation_ids - kept).sudo().unlink()

    def _vals(self, automation, problem):
        blueprint = suggest(automation)
        say = self.env["migration.project"]._translate_term
        active = {True: "yes", False: "no", None: "unknown"}[automation.active]
        return {
            "name": automation.name,
            "trigger": automation.trigger,
            "conditions": "\n".join(automation.conditions),
            "actions": "\n".join(automation.actions),
            "steps": "\n".join(
                f"{step.name} ({step.kind}) {step.details}".strip()
                for step in automation.steps
            ),
            "active_in_source": active,
            "suggestion": "\n".join(self._in_words(blueprint)),
            "blueprint": {"source": automation.as_dict(), "odoo": blueprint},
            "unclear": "\n".join(blueprint["open"]),
            "problem": problem and problem.text(say),
        }

    def _in_words(self, blueprint):
        """Lines that say what to build, as Odoo calls it on its own screens."""
        triggers, actions = self._trigger_labels(), self._action_labels()
        by_hand = self.env._("To be decided")
        trigger = triggers.get(blueprint["trigger"], by_hand)
        yield self.env._("Trigger: %s", trigger)
        for action in blueprint["actions"]:
            yield f"{actions.get(action['state'], by_hand)}: {action['text']}"

    def _trigger_labels(self):
        """What Automation Rules call their triggers, by technical name."""
        return {
            "on_webhook": self.env._("On webhook"),
            "on_stage_set": self.env._("Stage is set to"),
            "on_user_set": self.env._("User is set"),
            "on_tag_set": self.env._("Tag is added"),
            "on_unlink": self.env._("On deletion"),
            "on_message_received": self.env._("On incoming message"),
            "on_time": self.env._("Based on date field"),
            "on_create_or_write": self.env._("On create and edit"),
        }

    def _action_labels(self):
        """What Server Actions call their kinds, by technical name."""
        return {
            "webhook": self.env._("Send Webhook Notification"),
            "sms": self.env._("Send SMS"),
            "mail_post": self.env._("Send Email"),
            "next_activity": self.env._("Create Activity"),
            "object_create": self.env._("Create Record"),
            "object_write": self.env._("Update Record"),
        }

    def _blueprints(self):
        """All of them as a JSON document, bytes."""
        data = [{"id": one.source_id, **(one.blueprint or {})} for one in self]
        text = json.dumps({"automations": data}, indent=2, ensure_ascii=False)
        return f"{text}\n".encode()
