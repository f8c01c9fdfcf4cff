from odoo import fields, models

from ...lib.errors import Problem, _
from . import given
from .base import HISTORY

_ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")


class MigrationLoaderLead(models.AbstractModel):
    """Leads and opportunities, with the dates and the outcome they had."""

    _name = "migration.loader.crm.lead"
    _inherit = "migration.loader"
    _description = "Migration Loader: Leads and Opportunities"

    _means = {"outcome": ("stage_id", "active")}
    _together = (
        (
            ("stage_id", "active"),
            (
                "probability",
                "automated_probability",
                "lost_reason_id",
                "date_closed",
                "date_last_stage_update",
                "day_close",
            ),
        ),
    )

    def _targets(self):
        return {"outcome": "char", "currency": "char"}

    def _required_targets(self):
        return {"name"}

    def _read_back(self, record, target, given):
        if target == "outcome":
            status = record.won_status
            return True, "open" if status == "pending" else status
        if target == "currency":
            mapping = self.env["migration.mapping"].browse(
                self.env.context["migration_mapping_id"]
            )
            # A converted amount is the source's, in another currency.
            converted = mapping.project_id.currency_policy == "convert"
            own = record.company_currency.name
            return True, given.get(target) if converted else own
        return super()._read_back(record, target, given)

    def _history_columns(self):
        return (
            *HISTORY,
            "date_closed",
            "date_open",
            "date_last_stage_update",
            "day_open",
            "day_close",
        )

    def _prepare(self, mapping, items):
        """Give every value that Odoo would otherwise compute lead by lead."""
        given.add_country_of_state(self.env, items)
        model = self._model(mapping)
        stages = model.env["crm.stage"].search_fetch([], ["name", "is_won", "team_ids"])
        for item in items:
            try:
                self._set_stage(item.vals, stages)
                self._set_outcome(item.vals, stages)
                self._set_amount(mapping, item)
                self._check_access_of(item.vals.get("user_id"), mapping)
            except Problem as problem:
                item.error = problem
                continue
            self._set_dates(item.vals)
            if "iap_enrich_done" in model._fields:
                item.vals["iap_enrich_done"] = True

    def _check_access_of(self, user_id, mapping):
        """Whoever has the lead works in the company that it is migrated into.

        Odoo would put the lead into a company of that user instead.
        """
        company = mapping.project_id.company_id
        user = self._model(mapping).env["res.users"].browse(user_id)
        if user and company not in user.company_ids:
            raise Problem(
                "owner_of_other_company",
                _("“%(value)s”, who has the record, has no access to %(company)s."),
                _("Give that user the company, or choose another under “Owners”."),
                field="user_id",
                value=user.name,
                company=company.name,
            )

    def _set_stage(self, vals, stages):
        """A lead always has a team and a stage that go together."""
        vals.setdefault("type", "opportunity")
        stage = stages.browse(vals.get("stage_id"))
        vals.setdefault("team_id", stage.team_ids[:1].id)
        if stage.team_ids and vals["team_id"] not in stage.team_ids.ids:
            raise Problem(
                "stage_of_other_pipeline",
                _("The stage “%(value)s” does not belong to the record's pipeline."),
                _("Correct its pipeline or its stage."),
                value=stage.name,
            )
        if not stage:
            fitting = self._stages_of(vals["team_id"], stages)
            vals["stage_id"] = fitting[:1].id

    @staticmethod
    def _stages_of(team_id, stages):
        return stages.filtered(
            lambda stage: not stage.team_ids or team_id in stage.team_ids.ids
        )

    def _set_outcome(self, vals, stages):
        """Won, lost or open: the combination of fields that Odoo 19 means by it.

        Won is a won stage and probability 100; lost is archived and probability 0.
        """
        stage = stages.browse(vals["stage_id"])
        outcome = vals.pop("outcome", None) or ("won" if stage.is_won else "open")
        if outcome == "won":
            if not stage.is_won:
                vals["stage_id"] = self._won_stage(vals, stages).id
            vals.update(probability=100.0, automated_probability=100.0)
            return
        if stage.is_won:
            raise Problem(
                "outcome_contradicts_stage",
                _("The record is %(outcome)s, but its stage “%(value)s” means won."),
                _("Correct its status or its stage."),
                value=stage.name,
                outcome=outcome,
            )
        if outcome == "lost":
            vals.update(active=False, probability=0.0, automated_probability=0.0)
        elif "probability" in vals:
            # A probability equal to the automated one counts as automated, and
            # Odoo's nightly job would replace it.
            vals["automated_probability"] = 0.0 if vals["probability"] else 0.01

    def _won_stage(self, vals, stages):
        won = self._stages_of(vals["team_id"], stages).filtered("is_won")
        won = won.filtered("team_ids") or won
        if len(won) != 1:
            raise Problem(
                "won_stage_missing",
                _("The record is won, but its pipeline has %(count)s won stages."),
                _("Mark one stage of the pipeline as won."),
                count=len(won),
            )
        return won

    def _set_amount(self, mapping, item):
        """Odoo has one currency for all revenues of a company; say what differs."""
        vals, project = item.vals, mapping.project_id
        code = (vals.pop("currency", None) or "").upper()
        own = project.company_id.currency_id
        if not code or code == own.name or not vals.get("expected_revenue"):
            return
        if project.currency_policy == "convert":
            vals["expected_revenue"] = self._convert(project, code, vals)
            return
        item.warnings.append(
            Problem(
                "currency_differs",
                _("The amount is in %(value)s; it was taken as %(own)s, unconverted."),
                _("Choose under “Other currencies” to convert it instead."),
                field="currency",
                value=code,
                own=own.name,
            )
        )

    def _convert(self, project, code, vals):
        """The amount in the company's currency, by Odoo's rate of its closing day."""
        company = project.company_id
        currency = self.env["res.currency"].search([("name", "=", code)])
        if not currency.rate_ids:
            raise Problem(
                "currency_without_rate",
                _("There is no rate for %(value)s in Odoo, so it cannot be converted."),
                _("Enter a rate, or take amounts as they are."),
                field="currency",
                value=code,
            )
        day = vals.get("date_closed") or vals.get("date_deadline")
        return currency._convert(
            vals["expected_revenue"],
            company.currency_id,
            company,
            day or fields.Date.today(),
        )

    def _set_dates(self, vals):
        """Put each date where Odoo keeps it, as far as the source knows it."""
        closed = vals.get("active") is False or vals.get("probability") == 100
        if not closed:
            vals.pop("date_closed", None)
        created = vals.get("create_date") or fields.Datetime.now()
        if closed and not vals.get("date_closed"):
            vals["date_closed"] = vals.get("write_date") or created
        last = vals.get("date_closed") or created
        vals.setdefault("date_last_stage_update", last)
        vals.setdefault("date_open", created)
        vals["day_open"] = float(abs((vals["date_open"] - created).days))
        vals["day_close"] = 0.0
        if closed:
            vals["day_close"] = float(abs((vals["date_closed"] - created).days))

    def _align(self, change):
        """A lead is active unless it is lost; one that is won or open has no reason.

        When it was closed is Odoo's to say, where the source does not say it: the day
        on which the delta learns of it, and not that of its creation.
        """
        base, source = change.base, change.source
        for item in (base, source):
            item.vals.setdefault("active", True)
        if source.vals["active"]:
            source.vals.setdefault("lost_reason_id", False)
        if not {"date_closed", "write_date"} & source.said:
            for name in ("date_closed", "date_last_stage_update", "day_close"):
                source.history.pop(name, None)
        elif source.history.get("date_last_stage_update") == base.history.get(
            "date_last_stage_update"
        ):
            source.history.pop("date_last_stage_update")

    def _after_changes(self, mapping, changes, records):
        """A lead that is open again gets the probability of its stage again."""
        for change, lead in zip(changes, records, strict=True):
            moved_back = (
                "stage_id" in change.values
                and not lead.stage_id.is_won
                and lead.probability == 100
            )
            reopened = change.values.get("active") or moved_back
            if reopened and "probability" not in change.values:
                # Odoo has no opinion as long as it has learnt from no deal.
                lead.automated_probability = 0.0
                lead._compute_probabilities()
                lead.probability = lead.automated_probability

    def _values(self, model, items):
        """What Odoo would copy from the partner, or work out of the other values."""
        names = given.known(model, given.LEAD)
        if model._phone_get_number_fields() != ["phone"]:
            names.discard("phone_sanitized")
        if model._mail_get_partner_fields() != ["partner_id"]:
            names.discard("phone_sanitized")
        partners = model.env["res.partner"].browse(
            {item.vals["partner_id"] for item in items if item.vals.get("partner_id")}
        )
        derive = _Derived(model, names, partners)
        found = []
        for item in items:
            dates = {
                name: value
                for name, value in item.history.items()
                if name not in HISTORY
            }
            vals = {**item.vals, **dates}
            found.append({**derive.values(vals), **vals})
        return found


class _Derived:
    """Works out computed fields of leads from their values, before they exist.

    :param model: ``crm.lead``, an empty recordset
    :param names: fields that may be worked out here
    :param partners: of all the leads, so that they are read together
    """

    def __init__(self, model, names, partners):
        self._model, self._names = model, names
        self._reach = given.Reach(model)
        self._copied = {}
        self._stages = model.env["crm.stage"]
        self._teams = model.env["crm.team"]
        self._users = model.env["res.users"]
        self._partners = partners

    def values(self, vals):
        """Fields worked out of ``vals``; those that ``vals`` has are in there, too."""
        partner = self._partners.browse(vals.get("partner_id"))
        partner = partner.with_prefetch(self._partners._prefetch_ids)
        own = self._from_partner(partner, vals)
        every = {**own, **vals}
        found = {**own, **self._of_reach(every, partner), **self._of_revenue(every)}
        if "probability" in vals and "stage_id" in vals:
            found["won_status"] = self._won_status(every)
        if not vals.get("company_id"):
            found["company_id"] = self._company(every, partner)
        found = {name: value for name, value in found.items() if name in self._names}
        if "street" in self._names:
            found.update({name: own.get(name, False) for name in _ADDRESS})
        return found

    def _from_partner(self, partner, vals):
        """What Odoo copies from the customer; worked out once for each of them."""
        key = partner.id, any(name in vals for name in _ADDRESS)
        if key not in self._copied:
            self._copied[key] = self._copy_partner(partner, key[1])
        return self._copied[key]

    def _copy_partner(self, partner, has_address):
        model = self._model
        if not partner:
            names = ("contact_name", "partner_name", "function", "website")
            return dict.fromkeys((*names, "lang_id", "email_from", "phone"), False)
        lang = partner.lang
        found = {
            **model._prepare_contact_name_from_partner(partner),
            **model._prepare_partner_name_from_partner(partner),
            "function": partner.function,
            "website": partner.website,
            "lang_id": lang and model.env["res.lang"]._get_data(code=lang).id,
            "email_from": partner.email,
            "phone": partner.phone,
        }
        if not has_address:
            address = model._prepare_address_values_from_partner(partner)
            found.update(model._convert_to_write(address))
        return found

    def _of_reach(self, vals, partner):
        email, phone = vals["email_from"], vals["phone"]
        country = vals.get("country_id") or False
        return {
            "email_normalized": given.email_normalized(email),
            "email_domain_criterion": given.email_domain(email),
            "email_state": given.email_state(email),
            "phone_state": self._reach.phone_state(phone, country),
            "phone_sanitized": self._reach.phone_sanitized(
                phone, country or partner.country_id.id
            ),
        }

    @staticmethod
    def _of_revenue(vals):
        if vals.get("recurring_revenue") or "probability" not in vals:
            return {}
        revenue = vals.get("expected_revenue") or 0.0
        names = ("monthly", "monthly_prorated", "prorated")
        return {
            "prorated_revenue": round(revenue * (vals["probability"] or 0) / 100.0, 2),
            **{f"recurring_revenue_{name}": 0.0 for name in names},
        }

    def _won_status(self, vals):
        won = self._stages.browse(vals["stage_id"]).is_won
        if vals["probability"] == 100 and won:
            return "won"
        lost = vals.get("active") is False and vals["probability"] == 0
        return "lost" if lost else "pending"

    def _company(self, vals, partner):
        team = self._teams.browse(vals.get("team_id"))
        user = self._users.browse(vals.get("user_id"))
        if team.company_id:
            return team.company_id.id
        if not user:
            return partner.company_id.id
        company = self._model.env.company
        if company in user.company_ids:
            return company.id
        return (user.company_id & self._model.env.companies).id
