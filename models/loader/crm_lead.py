from odoo import fields, models

from ...lib.errors import Problem, _
from .base import HISTORY


class MigrationLoaderLead(models.AbstractModel):
    """Leads and opportunities, with the dates and the outcome they had."""

    _name = "migration.loader.crm.lead"
    _inherit = "migration.loader"
    _description = "Migration Loader: Leads and Opportunities"

    def _targets(self):
        return {"outcome": "char", "currency": "char"}

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
        model = self._model(mapping)
        stages = model.env["crm.stage"].search_fetch([], ["name", "is_won", "team_ids"])
        for item in items:
            try:
                self._set_stage(item.vals, stages)
                self._set_outcome(item.vals, stages)
                self._set_amount(mapping, item)
            except Problem as problem:
                item.error = problem
                continue
            self._set_dates(item.vals)
            if "iap_enrich_done" in model._fields:
                item.vals["iap_enrich_done"] = True

    def _set_stage(self, vals, stages):
        """A lead always has a team and a stage that go together."""
        vals.setdefault("type", "opportunity")
        stage = stages.browse(vals.get("stage_id"))
        vals.setdefault("team_id", stage.team_ids[:1].id)
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
        if closed:
            vals["day_close"] = float(abs((vals["date_closed"] - created).days))
