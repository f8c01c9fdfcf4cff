from odoo import api, fields, models

from .engine.owners import HELD, OwnerUsers

# What somebody has decided, rather than what was found.
_DECISIONS = ("chosen", "created")


class MigrationOwner(models.Model):
    """An owner in the source, and the Odoo user its records go to."""

    _name = "migration.owner"
    _description = "Migration Owner"
    _order = "record_count desc, name, key"
    _rec_name = "name"

    project_id = fields.Many2one(
        "migration.project", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(
        required=True, readonly=True, help="How records of the source name the owner."
    )
    name = fields.Char(readonly=True)
    email = fields.Char(
        string="E-mail",
        help="Login of a user created for this owner. You can fill it in or correct "
        "it; the next reading of the files leaves it as you wrote it.",
    )
    active_in_source = fields.Boolean(
        default=True,
        readonly=True,
        help="A user created for one that is not active there is archived at once.",
    )
    also = fields.Char(
        string="Also Written",
        readonly=True,
        help="Other ways in which records name this owner.",
    )
    texts = fields.Json(readonly=True, help="Comparable forms of all these writings.")
    may_be = fields.Json(
        readonly=True, help="Ids of the owners that a name may stand for."
    )
    record_count = fields.Integer(
        string="Records", readonly=True, help="Staged records this owner is named in."
    )
    counts = fields.Json(readonly=True, help="Records by object.")
    counts_text = fields.Char(string="Of Them", compute="_compute_counts_text")
    held_count = fields.Integer(
        string="Held",
        compute="_compute_held_count",
        help="Records that wait for this owner to get a user.",
    )
    releasable = fields.Boolean(compute="_compute_held_count")
    user_id = fields.Many2one(
        "res.users",
        string="Odoo User",
        context={"active_test": False},
        help="Archived users are accepted: former colleagues keep their records.",
    )
    use_fallback = fields.Boolean(
        string="To the Fallback User",
        help="Decided: the records of this owner go to the fallback user of the "
        "migration.",
    )
    matched_by = fields.Selection(
        selection=[
            ("email", "Same e-mail"),
            ("login", "Same login"),
            ("name", "Same name, which no other user has"),
            ("chosen", "Chosen"),
            ("created", "Created for this owner"),
            ("none", "No user has this e-mail, login or name"),
            ("several_users", "Several users"),
            ("several_owners", "Several owners of the source are called like this"),
            ("portal", "Only a portal user, who can own nothing"),
        ],
        default="none",
        required=True,
        readonly=True,
    )
    candidate_ids = fields.Many2many(
        "res.users",
        string="Candidates",
        context={"active_test": False},
        readonly=True,
    )
    reason = fields.Char(compute="_compute_reason", help="Why this user, or why none.")
    state = fields.Selection(
        selection=[
            ("matched", "Matched"),
            ("archived", "Archived user"),
            ("fallback", "Fallback user"),
            ("unmatched", "Unmatched"),
        ],
        compute="_compute_state",
        store=True,
        help="Records of an unmatched owner are held back until a user is chosen.",
    )

    _key_uniq = models.Constraint(
        "UNIQUE(project_id, key)", "The project lists this owner already."
    )

    @api.depends(
        "user_id.active",
        "use_fallback",
        "may_be",
        "project_id.fallback_user_id",
    )
    def _compute_state(self):
        for owner in self:
            if owner.user_id:
                owner.state = "matched" if owner.user_id.active else "archived"
            else:
                owner.state = "fallback" if owner._user() else "unmatched"

    def _user(self):
        """The user that the records go to; none while nobody has decided.

        A name that several owners have goes to the fallback user only if somebody
        has said so.
        """
        self.ensure_one()
        if self.user_id:
            return self.user_id
        if self.may_be and not self.use_fallback:
            return self.user_id
        return self.project_id.fallback_user_id

    @api.depends(
        *("matched_by", "candidate_ids", "may_be", "use_fallback", "state"),
        *("user_id.company_ids", "project_id.company_id"),
    )
    def _compute_reason(self):
        labels = dict(self._fields["matched_by"]._description_selection(self.env))
        for owner in self:
            parts = [labels.get(owner.matched_by)]
            if owner.may_be and not owner.user_id:
                parts = [f"{labels['several_owners']}: {', '.join(owner.may_be)}"]
            if owner.candidate_ids and not owner.user_id:
                names = ", ".join(
                    f"{user.name} ({user.login})"
                    if user.active
                    else self.env._(
                        "%(name)s (%(login)s, archived)",
                        name=user.name,
                        login=user.login,
                    )
                    for user in owner.sudo().candidate_ids
                )
                parts.append(f"{labels[owner.matched_by]}: {names}")
                parts = [part for part in parts if part != labels[owner.matched_by]]
            if owner.use_fallback and not owner.user_id:
                parts = [
                    self.env._("The fallback user was chosen")
                    if owner.project_id.fallback_user_id
                    else self.env._(
                        "The fallback user was chosen, but the migration has none"
                    )
                ]
            company, user = owner.project_id.company_id, owner.sudo().user_id
            if user and company not in user.company_ids:
                parts.append(
                    self.env._(
                        "%(user)s has no access to %(company)s: give it, or choose "
                        "another user",
                        user=user.name,
                        company=company.name,
                    )
                )
            owner.reason = ". ".join(filter(None, dict.fromkeys(parts)))

    @api.depends("counts")
    def _compute_counts_text(self):
        for owner in self:
            counts = owner.counts or {}
            owner.counts_text = ", ".join(
                f"{mapping.label}: {counts[mapping.name]}"
                for mapping in owner.project_id.mapping_ids
                if mapping.name in counts
            )

    def _compute_held_count(self):
        # A form that is being changed asks about records that are not saved yet.
        for project, owners in self.grouped(lambda one: one.project_id._origin).items():
            users = OwnerUsers(project)
            counts = {}
            for text, count, _code in self.env["migration.owners"]._held(project):
                for id_ in users.owners(text):
                    counts[id_] = counts.get(id_, 0) + count
            pending = project.state in ("prepared", "loaded") and bool(
                self.env["migration.record"].search_count(
                    [("project_id", "=", project.id), ("state", "=", "pending")],
                    limit=1,
                )
            )
            for owner in owners:
                owner.held_count = counts.get(owner._origin.id, 0)
                owner.releasable = pending and owner.state != "unmatched"

    def write(self, vals):
        """A user that is set is a choice; records that waited for one can go on."""
        decided = "user_id" in vals and "matched_by" not in vals
        if decided:
            chosen = "chosen" if vals["user_id"] else "none"
            vals = {**vals, "matched_by": chosen, "candidate_ids": [(5,)]}
        done = super().write(vals)
        if decided or "use_fallback" in vals:
            for project in self.project_id:
                self.env["migration.owners"]._release(project)
        return done

    def _set(self, vals):
        """Write what was found rather than chosen."""
        self.check_access("write")
        if "user_id" in vals:
            vals = {"matched_by": "none", **vals}
        return self.sudo().write(vals)

    def _is_decided(self):
        """Whether somebody has decided where the records go."""
        return self.use_fallback or (
            bool(self.user_id) and self.matched_by in _DECISIONS
        )

    def _decision(self):
        """The decision as values to write."""
        return {
            "user_id": self.user_id.id,
            "matched_by": self.matched_by,
            "use_fallback": self.use_fallback,
        }

    def _take_users(self, users, portal):
        """Match owners nobody has decided on.

        :param users: :class:`~..lib.owners.Directory` of users that can own records
        :param portal: the same of those who cannot
        """
        for owner in self:
            if owner.user_id or owner.use_fallback:
                continue
            vals = owner._match(users, portal)
            if (
                owner.user_id.id != vals["user_id"]
                or owner.matched_by != vals["matched_by"]
                or owner.candidate_ids.ids != vals["candidate_ids"][0][2]
            ):
                owner._set(vals)

    def _match(self, users, portal):
        """Values for the user that is found, or the reason why none is."""
        if self.may_be:
            return _outcome("several_owners")
        texts = [self.email, self.key, self.name, *(self.also or "").split(", ")]
        how, found = users.find(*texts)
        if len(found) == 1:
            return _outcome(how, found[0])
        if found:
            return _outcome("several_users", candidates=found)
        _how, guests = portal.find(*texts)
        if guests:
            return _outcome("portal", candidates=guests)
        return _outcome("none")

    def action_use_fallback(self):
        """Decide that the records of these owners go to the fallback user."""
        return self.filtered(lambda owner: not owner.user_id).write(
            {"use_fallback": True}
        )

    def action_open_held(self):
        """Open the records that wait for this owner to get a user."""
        self.ensure_one()
        users = OwnerUsers(self.project_id)
        held = self.env["migration.owners"]._held(self.project_id)
        texts = [text for text, _count, _code in held if self.id in users.owners(text)]
        return self.project_id._open(
            "migration_record_action",
            [
                ("state", "=", "held"),
                ("error_code", "in", HELD),
                ("error_value", "in", texts),
            ],
        )

    def action_release(self):
        """Load what waited for these owners, with all else that is pending."""
        self.ensure_one()
        self.env["migration.owners"]._release(self.project_id)
        return self.project_id.action_load()

    def _as_dict(self):
        """The owner as plain data, with stable keys."""
        self.ensure_one()
        return {
            "key": self.key,
            "email": self.email or None,
            "name": self.name or None,
            "also": self.also or None,
            "active": self.active_in_source,
            "state": self.state,
            "matched_by": self.matched_by,
            "reason": self.reason,
            "user": self.user_id.login or None,
            "fallback": self.use_fallback,
            "candidates": self.sudo().candidate_ids.mapped("login"),
            "records": self.record_count,
            "objects": self.counts or {},
            "held": self.held_count,
        }


def _outcome(matched_by, user_id=False, candidates=()):
    return {
        "user_id": user_id,
        "matched_by": matched_by,
        "candidate_ids": [(6, 0, list(candidates))],
    }
