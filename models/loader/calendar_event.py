from odoo import Command, models

from ...lib.three_way import CONFLICT
from ...lib.values.attendees import Attendee
from ...lib.values.names import match_key
from ..engine.change import Found
from ..engine.gone_rows import Part
from ..engine.silence import SYNC_FLAGS
from .base import HISTORY


class MigrationLoaderEvent(models.AbstractModel):
    """Meetings with their attendees; no invitation, no reminder, no activity."""

    _name = "migration.loader.calendar.event"
    _inherit = "migration.loader"
    _description = "Migration Loader: Calendar Events"

    _means = {"record": ("res_model_id", "res_id"), "attendees": ("partner_ids",)}

    def _targets(self):
        return {"record": "reference", "attendees": "attendees"}

    def _models(self, mapping):
        return ["calendar.event", "res.partner"]

    def _read_back(self, record, target, given):
        if target == "attendees":
            return True, self._attendees(record, given.get(target) or [])
        return super()._read_back(record, target, given)

    @staticmethod
    def _attendees(event, given):
        """Who is invited, in the words of ``given`` as far as they are those.

        Somebody whose address has changed since is known by the name.
        """
        words = {
            (key, one.state): one for one in given for key in (one.name, one.email)
        }
        found = []
        for attendee in event.attendee_ids:
            partner, state = attendee.partner_id, attendee.state
            own = Attendee(partner.name or "", partner.email_normalized or "", state)
            known = words.get((own.email, state)) or words.get((own.name, state))
            found.append(known or own)
        return found

    def _history_columns(self):
        # A link given at creation posts into the lead or makes an activity.
        return (*HISTORY, "res_model", "res_model_id", "res_id", "opportunity_id")

    def _prepare(self, mapping, items):
        models_by_name = {}
        for item in items:
            vals = item.vals
            model, res_id = vals.pop("record", (None, None))
            if model:
                if model not in models_by_name:
                    models_by_name[model] = self.env["ir.model"]._get_id(model)
                vals["res_model"] = model
                vals["res_model_id"] = models_by_name[model]
                vals["res_id"] = res_id
                if model == "crm.lead":
                    vals["opportunity_id"] = res_id
            if vals.get("allday"):
                self._set_days(vals)
            item.content = vals.pop("attendees", None)
            # Without attendees Odoo would invite the user who runs the migration.
            vals["partner_ids"] = [Command.set(vals.get("partner_ids", []))]
            vals["alarm_ids"] = [Command.clear()]
            for name in SYNC_FLAGS:
                if name in self.env["calendar.event"]._fields:
                    vals[name] = False

    @staticmethod
    def _set_days(vals):
        """The days of a meeting that has no time, from its first to its last one."""
        start = vals.get("start")
        stop = vals.get("stop") or start
        if start:
            vals.setdefault("start_date", start.date())
            vals.setdefault("stop_date", stop.date())
            vals["stop"] = stop

    def _create_records(self, mapping, items):
        self._add_attendees(mapping, items)
        return super()._create_records(mapping, items)

    def _add_attendees(self, mapping, items):
        """Give meetings their attendees and answers; who is unknown gets a contact.

        The contact is journalled before the meeting, so that it is removed after it.
        """
        invited = [one for item in items for one in item.content or ()]
        known = self._known_partners(invited)
        for item in items:
            if not item.content:
                continue
            states = {}
            for number, attendee in enumerate(item.content):
                key = _key(attendee)
                if key not in known:
                    known[key] = self._make_contact(mapping, item, attendee, number)
                states.setdefault(known[key], attendee.state)
            item.vals["partner_ids"] = [Command.set(list(states))]
            item.vals["attendee_ids"] = [
                Command.create({"partner_id": partner, "state": state})
                for partner, state in states.items()
            ]

    def _align(self, change):
        """Attendees are merged one by one; who is unknown becomes a contact later."""
        before, now = change.base.content or (), change.source.content or ()
        if list(before) == list(now):
            return
        known = self._known_partners([*before, *now])
        for item in (change.base, change.source):
            keys = [_key(one) for one in item.content or ()]
            item.vals["partner_ids"] = [known[key] for key in keys if key in known]
        asked = {_key(one) for one in before}
        added = [one for one in now if _key(one) not in asked]
        if added:
            change.further["added"] = [
                (one.name, one.email, one.state) for one in added
            ]

    def _merge_further(self, mapping, change, record):
        """An answer follows the source, unless somebody has answered in Odoo since."""
        before = (change.base and change.base.content) or ()
        now = {_key(one): one for one in change.source.content or ()}
        known = self._known_partners(now.values())
        answers = {}
        for one in before:
            later = now.get(_key(one))
            partner = later and known.get(_key(one))
            attendee = record.attendee_ids.filtered(
                lambda there, partner=partner: there.partner_id.id == partner
            )
            if not attendee or later.state in (one.state, attendee.state):
                continue
            if attendee.state == one.state:
                answers[partner] = later.state
                continue
            states = (one.state, attendee.state, later.state)
            display = self.env["migration.display"]
            shown = display._texts(attendee, "state", states)
            shown[0] = f"{_key(one)}: {shown[0]}"
            change.merged.add("attendee_ids")
            taken = {"answers": {partner: later.state}}
            change.found.append(Found(CONFLICT, "attendee_ids", *shown, taken))
        if answers:
            change.further["answers"] = answers

    def _before_change(self, mapping, change, record):
        added = [Attendee(*one) for one in change.further.get("added", ())]
        known = self._known_partners(added)
        unknown = [one for one in added if _key(one) not in known]
        if not unknown:
            return
        made = [
            self._make_contact(mapping, change, one, match_key(_key(one)))
            for one in unknown
        ]
        there = change.values.get("partner_ids", [Command.set(record.partner_ids.ids)])
        change.values["partner_ids"] = [Command.set([*there[0][2], *made])]

    def _parts(self, records):
        """Whom a meeting invites no more does not follow it, either."""
        attendees, followers = records.attendee_ids, records.message_follower_ids
        who = "partner_id"
        return [
            Part(attendees, "event_id", "id", "partner_ids", ("event_id", who)),
            Part(
                followers, "res_id", "id", "partner_ids", ("res_model", "res_id", who)
            ),
        ]

    def _after_changes(self, mapping, changes, records):
        """Those who were added, or have answered, say what the source says."""
        for change, event in zip(changes, records, strict=True):
            answers = change.further.get("answers", {})
            states = {int(partner): state for partner, state in answers.items()}
            for one in map(Attendee._make, change.further.get("added", ())):
                states[self._known_partners([one]).get(_key(one))] = one.state
            for attendee in event.attendee_ids:
                state = states.get(attendee.partner_id.id, attendee.state)
                if state != attendee.state:
                    self._write_along(change, attendee, {"state": state})

    def _known_partners(self, invited):
        """``{address, or name: partner id}``; of several, one who logs in, else none.

        Whose address or name several contacts have is not taken for one of them.
        """
        known = {}
        partners = self.env["res.partner"].sudo()
        for field, keys in (
            ("email_normalized", {one.email for one in invited if one.email}),
            ("name", {one.name for one in invited if not one.email}),
        ):
            found = partners.search_fetch([(field, "in", list(keys))], [field])
            for key, same in found.grouped(field).items():
                same = same.filtered("user_ids") or same
                if len(same) == 1:
                    known[key] = same.id
        return known

    def _make_contact(self, mapping, item, attendee, number):
        contact = (
            self._model(mapping)
            .env["res.partner"]
            .create(
                {
                    "name": attendee.name or attendee.email,
                    "email": attendee.email or False,
                    "x_source_id": f"{item.external_id}/attendee/{number}",
                }
            )
        )
        item.created.append(("res.partner", contact.id))
        return contact.id


def _key(attendee):
    """What an attendee is known by."""
    return attendee.email or attendee.name
