from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import fields, models
from odoo.tools import plaintext2html

from ...lib.errors import Held, Problem, _
from ..engine.gone_rows import Part


class MigrationLoaderActivity(models.AbstractModel):
    """Calls, e-mails, meetings, tasks: planned ones and done ones.

    A done activity is kept archived with its date, and shown in the chatter at the
    time it was done, as Odoo does itself.
    """

    _name = "migration.loader.mail.activity"
    _inherit = "migration.loader"
    _description = "Migration Loader: Activities"

    _means = {
        "record": ("res_model_id", "res_id"),
        "done": ("active",),
        "done_at": ("active",),
        "duration_minutes": ("note",),
        "parent_activity": ("note",),
    }
    _together = ((("active",), ("date_done",)),)

    def _targets(self):
        return {
            "record": "reference",
            "done": "boolean",
            "done_at": "datetime",
            "duration_minutes": "integer",
            "parent_activity": "reference",
        }

    def _required_targets(self):
        return {"record", "activity_type_id"}

    def _read_back(self, record, target, given):
        if target == "done":
            return True, not record.active
        if target == "done_at":
            return True, self._chatter_date(record)
        if target in ("duration_minutes", "parent_activity"):
            text = self._told(target, given.get(target))
            told = plaintext2html(text).removeprefix("<p>").removesuffix("</p>")
            return True, given.get(target) if told in str(record.note or "") else None
        return super()._read_back(record, target, given)

    def _chatter_date(self, activity):
        """When the chatter says that the activity was done."""
        return self._shown([activity.x_source_id]).date

    def _models(self, mapping):
        return ["mail.activity", "mail.message"]

    def _prepare(self, mapping, items):
        limit = self._overdue_limit()
        models_by_name = {
            name: self.env["ir.model"]._get_id(name)
            for name in {item.vals["record"][0] for item in items}
        }
        assigned = "user_id" in mapping.field_ids.mapped("target")
        for item in items:
            vals = item.vals
            if assigned and not vals.get("user_id"):
                self._assign(mapping, item)
            self._tell_parent(item)
            vals["res_model"], vals["res_id"] = vals.pop("record")
            vals["res_model_id"] = models_by_name[vals["res_model"]]
            done_at = vals.pop("done_at", None)
            done = vals.pop("done", None)
            item.done_at = self._done_at(vals, done_at) if done or done_at else None
            day = item.done_at or vals.get("create_date") or fields.Datetime.now()
            vals.setdefault("date_deadline", day.date())
            if not item.done_at and limit and vals["date_deadline"] < limit:
                self._decide_overdue(mapping, item)
            vals["active"] = not item.done_at
            vals["date_done"] = item.done_at and item.done_at.date()
            minutes = vals.pop("duration_minutes", None)
            if minutes:
                self._append_note(vals, self._told("duration_minutes", minutes))
        self._fill_names(items)

    @staticmethod
    def _assign(mapping, item):
        """Nobody is assigned: the fallback user is, and the log lists it."""
        fallback = mapping.project_id.fallback_user_id
        if not fallback:
            item.error = Held(
                "activity_unassigned",
                _("Nobody is assigned to it."),
                _("Choose a fallback user for the project."),
                field="user_id",
            )
            return
        item.vals["user_id"] = fallback.id
        item.warnings.append(
            Problem(
                "activity_unassigned",
                _("Nobody is assigned to it: it went to %(value)s."),
                _("Assign it to somebody in Odoo."),
                field="user_id",
                value=fallback.name,
            )
        )

    def _tell_parent(self, item):
        """Odoo has no sub-tasks of activities: the note says what it is part of."""
        model, res_id = item.vals.pop("parent_activity", (None, None))
        if not model:
            return
        name = self.env[model].sudo().browse(res_id).display_name
        self._append_note(item.vals, self._told("parent_activity", (model, res_id)))
        item.warnings.append(
            Problem(
                "sub_task_as_text",
                _("It is a part of “%(value)s”: its note says so."),
                _("Nothing needs to be done."),
                field="parent_activity",
                value=name,
            )
        )

    def _told(self, target, value):
        """What the note says of a value that an activity has no field for."""
        if target == "duration_minutes":
            return self.env._("Duration: %s minutes", value)
        model, res_id = value
        return self.env._(
            "Part of %s", self.env[model].sudo().browse(res_id).display_name
        )

    @staticmethod
    def _done_at(vals, done_at):
        deadline = vals.get("date_deadline")
        at_noon = deadline and datetime.combine(deadline, time(12))
        return done_at or at_noon or vals.get("create_date") or fields.Datetime.now()

    @staticmethod
    def _append_note(vals, text):
        vals["note"] = Markup("%s%s") % (
            Markup(vals.get("note") or ""),
            plaintext2html(text),
        )

    def _overdue_limit(self):
        """Open activities due before this date are deleted by Odoo at night."""
        years = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("mail.activity.gc.delete_overdue_years", 0)
        )
        if years <= 0:
            return None
        return fields.Date.today() - relativedelta(years=years)

    def _decide_overdue(self, mapping, item):
        """Do with a long overdue activity what the project says, never nothing."""
        policy = mapping.project_id.overdue_policy
        if policy == "done":
            item.done_at = self._done_at(item.vals, None)
        elif policy != "open":
            item.error = Held(
                "activity_overdue",
                _(
                    "It is open and was due on %(value)s. Odoo deletes activities "
                    "that are overdue for so long at night."
                ),
                _("Choose under “Old open activities” what happens to them."),
                field="date_deadline",
                value=item.vals["date_deadline"],
            )

    def _fill_names(self, items):
        """Read the names of all records at once; Odoo would read them one by one."""
        for model in {item.vals["res_model"] for item in items}:
            own = [item for item in items if item.vals["res_model"] == model]
            records = (
                self.env[model].sudo().browse({item.vals["res_id"] for item in own})
            )
            names = {record.id: record.display_name for record in records}
            for item in own:
                item.vals["res_name"] = names[item.vals["res_id"]]

    def _after_create(self, mapping, items, records):
        """Show done activities in the chatter, at the time they were done."""
        done = [
            (item, activity)
            for item, activity in zip(items, records, strict=True)
            if item.done_at
        ]
        subtype = self.env.ref("mail.mt_activities").id
        loader = self.env["migration.loader.mail.message"]
        messages = (
            self.env["mail.message"]
            .with_env(records.env)
            .create(
                [
                    {
                        "model": activity.res_model,
                        "res_id": activity.res_id,
                        "date": item.done_at,
                        "author_id": activity.user_id.partner_id.id,
                        "email_from": activity.user_id.partner_id.email_formatted,
                        "body": self._done_body(activity),
                        "message_type": "notification",
                        "subtype_id": subtype,
                        "mail_activity_type_id": activity.activity_type_id.id,
                        "reply_to": False,
                        "message_id": loader._message_id(item.external_id),
                        "x_source_id": item.external_id,
                    }
                    for item, activity in done
                ]
            )
        )
        for (item, _activity), message in zip(done, messages, strict=True):
            item.created.append(("mail.message", message.id))

    def _parts(self, records):
        """What the chatter says of them goes when they are open again."""
        key = "x_source_id"
        return [Part(self._shown(records.mapped(key)), key, key, "active", (key,))]

    def _shown(self, external_ids):
        """What the chatter says of the activities that come from there."""
        messages = self.env["mail.message"].sudo()
        return messages.search([("x_source_id", "in", external_ids)])

    def _after_changes(self, mapping, changes, records):
        """The chatter shows what was done since, and what is open again no more.

        What users have answered to, or done with what it says, stays.
        """
        opened = [one for one in changes if one.values.get("active")]
        said = self._shown([one.external_id for one in opened])
        said.filtered(self._is_as_made).unlink()
        done = [
            (change.source, activity)
            for change, activity in zip(changes, records, strict=True)
            if change.values.get("active") is False
        ]
        shown = self._shown([item.external_id for item, _activity in done])
        known = set(shown.mapped("x_source_id"))
        done = [pair for pair in done if pair[0].external_id not in known]
        for item, activity in done:
            item.done_at = item.done_at or activity.write_date
        self._after_create(
            mapping,
            [item for item, _activity in done],
            records.browse([activity.id for _item, activity in done]),
        )
        made = {item.record_id: item.created for item, _activity in done}
        for change in changes:
            change.created += made.get(change.record_id, [])

    @staticmethod
    def _is_as_made(message):
        """Whether nobody has done anything with a message since it was made."""
        added = ("child_ids", "reaction_ids", "starred_partner_ids", "attachment_ids")
        changed = message.write_date != message.create_date
        return not (changed or any(message[name] for name in added))

    def _done_body(self, activity):
        """What the chatter says: the kind of activity, its summary and its note."""
        title = self.env._("%s done", activity.activity_type_id.name)
        if activity.summary:
            title = f"{title}: {activity.summary}"
        return Markup("<p><b>%s</b></p>%s") % (title, activity.note or "")
