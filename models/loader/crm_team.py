from odoo import api, models

from ...lib.errors import Problem, _
from .matching import ambiguous


class MigrationLoaderTeam(models.AbstractModel):
    """Pipelines: a sales team each."""

    _name = "migration.loader.crm.team"
    _inherit = "migration.loader"
    _description = "Migration Loader: Sales Teams"

    def _prepare(self, mapping, items):
        for item in items:
            item.vals.setdefault("company_id", mapping.project_id.company_id.id)
            item.vals.setdefault("user_id", False)
            item.vals.setdefault("use_opportunities", True)


class MigrationLoaderStage(models.AbstractModel):
    """Stages, by name in their pipeline."""

    _name = "migration.loader.crm.stage"
    _inherit = "migration.loader"
    _description = "Migration Loader: Stages"

    def _match(self, mapping, items):
        """Recognise a stage of the same name that the same team has already.

        A stage of no team is one of the stages that all teams share.
        """
        stages = self._model(mapping).search_fetch(
            [("name", "in", [item.vals.get("name") for item in items])],
            ["name", "team_ids"],
        )
        index = {}
        for stage in stages:
            for team in stage.team_ids.ids or [None]:
                index.setdefault((stage.name, team), []).append(stage.id)
        for item in items:
            keys = [
                (item.vals.get("name"), team)
                for team in item.vals.get("team_ids") or [None]
            ]
            hits = {stage for key in keys for stage in index.get(key, [])}
            if len(hits) == 1:
                item.target, item.matched = (mapping.res_model, hits.pop()), True
            elif hits:
                name = item.vals["name"]
                item.candidates = [(stage, name) for stage in sorted(hits)]
                item.error = ambiguous(
                    {
                        "field": "name",
                        "value": name,
                        "count": len(hits),
                        "names": ", ".join(map(str, sorted(hits))),
                    }
                )

    def _create_records(self, mapping, items):
        """Create one stage for all that have its name and its teams.

        A value map gives several stages of the source one name where there are more
        than are wanted; each of them then stands for the one stage.
        """
        groups = {}
        for item in items:
            item.matched = False
            teams = frozenset(item.vals.get("team_ids") or ())
            groups.setdefault((item.vals["name"], teams), []).append(item)
        firsts = [group[0] for group in groups.values()]
        done = super()._create_records(mapping, firsts)
        for first, *others in groups.values():
            for item in others:
                if bool(item.vals.get("is_won")) != bool(first.vals.get("is_won")):
                    item.error = self._contradiction(item, first)
                    continue
                item.target, item.matched = first.target, True
        return done

    @staticmethod
    def _contradiction(item, first):
        won, other = (item, first) if item.vals.get("is_won") else (first, item)
        return Problem(
            "stages_contradict",
            _(
                "“%(value)s” would take in “%(won)s”, which means won, and "
                "“%(other)s”, which does not."
            ),
            _("Merge won stages only with each other: change the value map."),
            field="is_won",
            value=item.vals["name"],
            won=won.source_id,
            other=other.source_id,
        )


class MigrationLoaderTeamMember(models.AbstractModel):
    """Members of sales teams."""

    _name = "migration.loader.crm.team.member"
    _inherit = "migration.loader"
    _description = "Migration Loader: Sales Team Members"

    @api.model
    def _person_targets(self):
        return {"user_id"}

    def _prepare(self, mapping, items):
        """Never move somebody out of a team they are in.

        With one team per user, Odoo archives the membership that was there before.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("sales_team.membership_multi"):
            return
        members = self._model(mapping).search(
            [
                ("user_id", "in", [item.vals["user_id"] for item in items]),
                ("active", "=", True),
            ]
        )
        teams = {member.user_id.id: member.crm_team_id for member in members}
        for item in items:
            user, team = item.vals["user_id"], item.vals["crm_team_id"]
            known = teams.setdefault(user, members.crm_team_id.browse(team))
            if known.id != team:
                item.error = Problem(
                    "member_of_other_team",
                    _(
                        "The user is in the team “%(value)s”, and Odoo is set to one "
                        "team per user: joining would remove them from it."
                    ),
                    _("Allow several teams per user in the CRM settings."),
                    field="crm_team_id",
                    value=known.name,
                )
