"""Nothing leaves Odoo while a migration works.

Context keys keep Odoo's own code quiet, but they are lost as soon as anything is
flushed by an environment without them. So the guard hangs on the cursor: whatever
happens in a transaction that is marked silent is the migration's doing, and what
would leave Odoo, notify a user or wake a scheduled job does not happen.
"""

import functools
import weakref
from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

# Cursors that are silent. Not a key of ``cr.cache``, which Odoo empties whenever a
# savepoint is rolled back: one bad record would end the silence.
_silent = weakref.WeakSet()

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "mail_activity_automation_skip": True,
    "no_reset_password": True,
    "dont_notify": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "image_no_postprocess": True,
    "active_test": False,
    "_partners_skip_fields_sync": True,
}


@contextmanager
def silenced(cr):
    """Mark the transaction of ``cr`` as silent for the time of the block."""
    before = cr in _silent
    _silent.add(cr)
    try:
        yield
    finally:
        if not before:
            _silent.discard(cr)


def is_silent(cr):
    """Whether what happens in the transaction of ``cr`` is a migration's doing."""
    return cr in _silent


def _nothing(self, *args, **kwargs):
    return None


def _no_list(self, *args, **kwargs):
    return []


def _no_records(self, *args, **kwargs):
    return self.browse()


def _no_message(self, *args, **kwargs):
    return self.env["mail.message"]


def _no_trigger(self, *args, **kwargs):
    return self.env["ir.cron.trigger"]


def _as_it_was(name):
    """What a computed field gets that would have to be asked for elsewhere."""

    def compute(self):
        for record in self:
            record[name] = record._origin[name]

    return compute


# What must not happen during a migration: model → method → what happens instead.
# Models of apps that are not installed are passed over.
GUARDS = {
    "base.automation": {"_get_actions": _no_records},
    "ir.actions.server": {"_run_action_webhook": _nothing},
    "ir.cron": {"_trigger_list": _no_trigger},
    "ir.mail_server": {"send_email": _nothing},
    "bus.bus": {"_sendone": _nothing},
    "mail.mail": {"create": _no_records, "send": _nothing},
    "sms.sms": {"create": _no_records, "send": _nothing},
    "snailmail.letter": {"create": _no_records},
    "whatsapp.message": {"create": _no_records},
    "mail.activity": {"action_notify": _nothing},
    # Whoever follows a record is notified of all that happens to it from then on.
    "mail.followers": {"_insert_followers": _nothing},
    # Registers of companies elsewhere are not asked about those of the source.
    "res.partner": {
        "_compute_vies_valid": _as_it_was("vies_valid"),
        "_update_peppol_state_per_company": _nothing,
        "_update_nemhandel_state_per_company": _nothing,
    },
    "res.users": {
        "_action_reset_password": _nothing,
        "action_reset_password": _nothing,
    },
    # Odoo subscribes new users to the periodic digest, if it finds that one.
    "digest.digest": {"exists": _no_records},
    "calendar.attendee": {"_notify_attendees": _nothing},
    "calendar.event": {
        "_google_insert": _nothing,
        "_google_patch": _nothing,
        "_google_delete": _nothing,
        "_microsoft_insert": _nothing,
        "_microsoft_patch": _nothing,
        "_microsoft_delete": _nothing,
        "_setup_alarms": _nothing,
    },
}
#: Fields of meetings that calendars elsewhere go by: changed, and to be sent there.
SYNC_FLAGS = ("need_sync", "need_sync_m")
# A chunk is loaded in less.
_CHUNK_TIME = timedelta(minutes=2)
# The same for every model that has a chatter.
THREAD_GUARDS = {
    "_notify_thread": _no_list,
    "message_notify": _no_message,
    "_message_auto_subscribe_notify": _nothing,
    "message_subscribe": _nothing,
}


def _not_yet_due(origin):
    """Time-based rules do not take what a migration did for something that happened.

    A migrated record is not due at moments before its load, all of which have come
    to a rule that has never run; nor because it was created or changed by the load.
    """

    @functools.wraps(origin)
    def search(self, *, until):
        records = origin(self, until=until)
        loaded = _loaded(records)
        if not loaded:
            return records
        migrated = records.browse(loaded)
        moment = max(loaded.values())
        records -= origin(self, until=min(moment, until)) & migrated
        name = self.trg_date_id.name
        return records - migrated.filtered(
            lambda one: _is_close(one[name], loaded[one.id])
        )

    return search


def _loaded(records):
    """``{id: when it was loaded}`` of the migrated ones of ``records``."""
    return dict(
        records.env.execute_query(
            SQL(
                """SELECT res_id, max(date) FROM migration_log
                    WHERE res_model = %s AND res_id = ANY(%s)
                      AND operation = 'create' GROUP BY res_id""",
                records._name,
                records.ids,
            )
        )
    )


def _is_close(value, moment):
    """Whether a value was given by the transaction that began at ``moment``."""
    return isinstance(value, datetime) and abs(value - moment) < _CHUNK_TIME


def _unsynced(flag):
    """Calendars elsewhere do not get meetings that nobody has touched since their load.

    The services behind them would invite the attendees again.

    :param flag: field that says that a meeting was changed and not been synchronised
    """

    def wrap(origin):
        @functools.wraps(origin)
        def domain(self, *args, **kwargs):
            own = Domain("x_source_id", "=", False) | Domain(flag, "=", True)
            return Domain(origin(self, *args, **kwargs)) & own

        return domain

    return wrap


def _keep_flags(origin):
    """What a migration changes does not count as changed for a calendar elsewhere."""

    @functools.wraps(origin)
    def write(self, vals):
        flags = [name for name in SYNC_FLAGS if name in self._fields]
        if not flags or not is_silent(self.env.cr):
            return origin(self, vals)
        values = {}
        for event in self:
            values.setdefault(tuple(event[name] for name in flags), []).append(event.id)
        for kept, ids in values.items():
            origin(self.browse(ids), {**dict(zip(flags, kept, strict=True)), **vals})
        return True

    return write


# What goes on after a migration as before, but for what was migrated:
# model → method → the function that makes the new method of the old one.
WRAPPED = {
    "base.automation": {"_search_time_based_automation_records": _not_yet_due},
    "calendar.event": {
        "_get_sync_domain": _unsynced("need_sync"),
        "_get_microsoft_sync_domain": _unsynced("need_sync_m"),
        "write": _keep_flags,
    },
}


class MigrationSilence(models.AbstractModel):
    """Puts the guards in front of the methods that would leave Odoo."""

    _name = "migration.silence"
    _description = "Migration Silence"

    def _register_hook(self):
        res = super()._register_hook()
        for model_class, method, wrap in self._guarded_methods():
            origin = getattr(model_class, method)
            if not getattr(origin, "_migration_guard", False):
                guarded = wrap(origin)
                guarded._migration_guard = True
                setattr(model_class, method, guarded)
        return res

    def _unregister_hook(self):
        res = super()._unregister_hook()
        for model_class, method, _wrap in self._guarded_methods():
            if getattr(model_class.__dict__.get(method), "_migration_guard", False):
                delattr(model_class, method)
        return res

    def _guarded_methods(self):
        """Yield ``(registry class, method name, wrapper)`` of what is installed."""
        threads = [
            (name, THREAD_GUARDS)
            for name, model in self.env.registry.items()
            if model._auto and "_notify_thread" in dir(model)
        ]
        silent = [
            (name, {method: _guard(instead) for method, instead in guards.items()})
            for name, guards in (*GUARDS.items(), *threads)
        ]
        for name, wrappers in (*silent, *WRAPPED.items()):
            if name not in self.env.registry:
                continue
            model_class = self.env.registry[name]
            for method, wrap in wrappers.items():
                if hasattr(model_class, method):
                    yield model_class, method, wrap


def _guard(instead):
    """A wrapper that has ``instead`` happen while a migration works."""

    def wrap(origin):
        @functools.wraps(origin)
        def guarded(self, *args, **kwargs):
            if is_silent(self.env.cr):
                return instead(self, *args, **kwargs)
            return origin(self, *args, **kwargs)

        return guarded

    return wrap
