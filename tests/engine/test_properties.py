"""Whatever happens in whatever order: nothing is lost, nothing is doubled."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..common import MigrationCase, csv_text

COMPANIES = ("C1", "C2", "C3")
DEALS = {"D1": "C1", "D2": "C2", "D3": "C9", "D4": "C3"}

# What changes in the source until it is read again; several of them at once.
changes = st.lists(
    st.sampled_from(
        ("city", "rename", "deal", "move", "new", "remove", "return")
        + ("role", "unlink", "content")
    ),
    min_size=1,
    max_size=3,
)
# The id of a link is made of those of its ends.
LINK = "P1:C2"
MODELS = ("res.partner", "crm.lead", "ir.attachment")
STEPS = (
    "sample",
    "kept_sample",
    "load",
    "edit",
    "edit_deal",
    "add",
    "delete",
    "retry",
    "correct",
    "undo_last",
    "undo_first",
    "undo_all",
)
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(STEPS)),
        st.tuples(st.just("delta"), changes, st.sampled_from(("odoo", "source", ""))),
    ),
    min_size=2,
    max_size=6,
)


class TestProperties(MigrationCase):
    """Random sequences of what admins and users do, over a small export.

    One deal names a company that is missing, until its row is corrected. One company
    is in Odoo already; the export overwrites its city. A contact belongs to a second
    company, in some role, and the first company has a file.
    """

    def setUp(self):
        super().setUp()
        self.known = self.env["res.partner"].create(
            {"name": "Company C3", "is_company": True, "city": "Bonn"}
        )
        self.begin()
        self.folder_of_export = self.write_files(self.written())
        self.project = self.new_project(path=self.folder_of_export)
        self.read_files(self.project)
        company = self.project.mapping_ids.filtered(lambda one: one.name == "company")
        company.match_by = "name"
        company.field_ids.policy = "overwrite"
        self.project.action_confirm()
        self.before = self.snapshot()
        self.run_step(self.project, "prepare")

    def begin(self):
        """The source as it is at first, and what users have done to its records."""
        self.companies = {key: [f"Company {key}", "Kiel"] for key in COMPANIES}
        self.deals = {key: [f"Deal {key}", one] for key, one in DEALS.items()}
        self.links = {LINK: ["P1", "C2", "false", "Adviser"]}
        self.content = "first"
        self.removed, self.touched, self.turn = {}, set(), 0
        self.read = self.named = self.in_source()

    def in_source(self):
        """Ids of all that the source has."""
        return {*self.companies, *self.deals, *self.links, "P1", "F1"}

    def written(self):
        return {
            "companies.csv": csv_text(
                ("company_id", "name", "city"),
                *((key, *values) for key, values in self.companies.items()),
            ),
            "deals.csv": csv_text(
                ("deal_id", "name", "company_id"),
                *((key, *values) for key, values in self.deals.items()),
            ),
            "contacts.csv": csv_text(("contact_id", "full_name"), ("P1", "Ida Ek")),
            "contact_companies.csv": csv_text(
                ("contact_id", "company_id", "is_primary", "role"),
                *(values for values in self.links.values()),
            ),
            "files.csv": csv_text(
                ("file_id", "file_name", "path", "related_type", "related_id"),
                ("F1", "a.txt", "documents/a.txt", "company", "C1"),
            ),
            "documents/a.txt": self.content,
        }

    def read_again(self):
        for name, text in self.written().items():
            (self.folder_of_export / name).write_text(text)
        self.project.file_ids.sudo().read_date = False
        # What is gone is forgotten, unless it is in Odoo.
        self.read_files(self.project)
        self.named = self.in_source()
        self.remember()

    def remember(self):
        """What is staged: the source as it was read, and what is in Odoo."""
        loaded = {one.source_id for one in self.staged_ones() if one.res_id}
        self.read = self.named | loaded

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        # Sequences are short: to shorten one that fails takes longer than to read it.
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(steps)
    def test_any_sequence_ends_with_nothing_lost_and_nothing_doubled(self, sequence):
        self.begin()
        with self.cr.savepoint() as savepoint:
            for name, *options in sequence:
                self.later()
                getattr(self, f"do_{name}")(*options)
                self.check(name)
            self.repair()
            self.later()
            forced = dict.fromkeys(("changed", "added", "needed"), "force")
            self.rollback(self.project, **forced)
            self.remember()
            self.check("undo")
            self.assertFalse(self.migrated())
            self.assertEqual(self.project.loaded_count, 0)
            self.assertSameDatabase(self.before, self.snapshot())
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.project.invalidate_recordset()

    # What admins do

    def prepared(self):
        if self.project.state == "staged":
            self.run_step(self.project, "prepare")

    def do_sample(self):
        self.prepared()
        options = {"size": 2, "keep": False, "seed": "1"}
        self.run_step(self.project, "sample", **options)
        self.run_step(self.project, "rollback")

    def do_kept_sample(self):
        self.prepared()
        self.run_step(self.project, "sample", size=2, keep=True, seed="2")

    def do_load(self):
        self.prepared()
        self.run_step(self.project, "load")

    def do_retry(self):
        self.project._retry()

    def do_correct(self):
        """The missing company of a deal is corrected in the source."""
        self.deals["D3"][1] = "C1"
        self.read_again()
        self.project.action_confirm()
        self.project._approve(self.env.user)

    def do_delta(self, changes, decision):
        """The source has changed and is read again; loaded, if a load went before."""
        for change in changes:
            self.turn += 1
            self.change(change)
        self.read_again()
        self.later()
        if self.project.state != "loaded":
            return
        self.run_step(self.project, "delta")
        if decision:
            self.later()
            self.project._open_conflicts()._decide(decision)
            self.run_step(self.project, "delta", only="decisions")

    def change(self, what):
        if what == "city":
            self.companies["C1"][1] = self.companies["C3"][1] = f"City {self.turn}"
        elif what == "rename":
            self.companies["C1"][0] = f"Company C1, {self.turn}"
        elif what == "deal":
            self.deals["D1"][0] = f"Deal D1, {self.turn}"
        elif what == "move":
            self.deals["D1"][1] = "C2" if self.deals["D1"][1] == "C1" else "C1"
        elif what == "new":
            company, deal = f"C{10 + self.turn}", f"D{10 + self.turn}"
            self.companies[company] = [f"Company {company}", "Kiel"]
            self.deals[deal] = [f"Deal {deal}", company]
        elif what == "remove" and "D2" in self.deals:
            self.removed["D2"] = self.deals.pop("D2")
        elif what == "return":
            self.deals |= self.removed
            self.links.setdefault(LINK, ["P1", "C2", "false", "Adviser"])
        elif what == "role" and self.links:
            self.links[LINK][3] = f"Adviser {self.turn}"
        elif what == "unlink":
            self.links.pop(LINK, None)
        elif what == "content":
            self.content = f"content {self.turn}"

    def undo(self, position):
        runs = self.project.run_ids.filtered(
            lambda run: (
                run.kind in ("sample", "load", "delta") and run.undone != "wholly"
            )
        ).sorted("id")
        if runs:
            self.rollback(self.project, run_id=runs[position].id)
            self.remember()

    def do_undo_last(self):
        self.undo(-1)

    def do_undo_first(self):
        self.undo(0)

    def do_undo_all(self):
        self.rollback(self.project)
        self.remember()

    def repair(self):
        """Correct, decide and load all there is: then nothing is missing."""
        self.later()
        self.do_correct()
        self.do_retry()
        self.do_load()
        # What was deleted by hand, and is taken from the source, is loaded anew.
        for _turn in range(2):
            self.later()
            self.do_delta([], "source")
        self.check("repair")
        self.check_complete()

    # What users do

    def records(self):
        return [
            self.env[one.res_model].browse(one.res_id).exists()
            for one in self.staged_ones()
            if one.state == "loaded" and one.mapping_id.name in ("company", "deal")
        ]

    def do_edit(self):
        self.edit(self.records()[:1])

    def do_edit_deal(self):
        self.edit([one for one in self.records() if one._name == "crm.lead"][:1])

    def edit(self, records):
        for record in records:
            record.with_user(self.anna).sudo().name = "Edited by a user"
            self.touched.add(record.x_source_id)
            self.env.flush_all()

    def do_add(self):
        for record in self.records()[-1:]:
            said = f"Added to {record.name}"
            record.with_user(self.anna).sudo().message_post(body=said)

    def do_delete(self):
        for record in self.env["crm.lead"].browse(
            [one.id for one in self.records() if one._name == "crm.lead"][:1]
        ):
            self.touched.add(record.x_source_id)
            record.unlink()

    # What holds at any time

    def staged_ones(self):
        return self.env["migration.record"].search(
            [("project_id", "=", self.project.id)], order="id"
        )

    def migrated(self):
        """``{source id: number of records}`` that carry this migration's ids."""
        return {
            (model, record.x_source_id): record
            for model in MODELS
            for record in self.env[model]
            .with_context(active_test=False)
            .search([("x_source_id", "=like", f"{self.project.key}/%")])
        }

    def check(self, step):
        staged = self.staged_ones()
        self.assertEqual({one.source_id for one in staged}, self.read, step)
        self.assertEqual(len(staged), len(self.read), step)
        keys = set()
        for one in staged:
            self.assertEqual(
                bool(one.res_id), one.state in ("loaded", "matched"), (step, one)
            )
            if one.state in ("failed", "held"):
                self.assertTrue(one.error, step)
            if one.state == "loaded":
                keys.add((one.res_model, one.mapping_id._external_id(one.source_id)))
        targets = [
            (one.res_model, one.res_id)
            for one in staged
            if one.res_id and one.mapping_id.name != "contact_company"
        ]
        self.assertEqual(len(targets), len(set(targets)), step)
        for model in MODELS:
            self.cr.execute(
                f"SELECT x_source_id FROM {model.replace('.', '_')}"
                " WHERE x_source_id LIKE %s GROUP BY 1 HAVING count(*) > 1",
                (f"{self.project.key}/%",),
            )
            self.assertFalse(self.cr.fetchall(), step)
        # Earlier content of a file is kept under an id of its own.
        migrated = {one for one in self.migrated() if "#" not in one[1]}
        self.assertLessEqual(migrated, keys, step)
        for line in self.project.run_ids.line_ids:
            if line.run_id.kind in ("load", "delta"):
                counts = line._as_dict()
                counts.pop("conflicts", None)
                self.assertEqual(counts.pop("read"), sum(counts.values()), step)

    def check_complete(self):
        """All of the source is in Odoo, as the source says it, but for users' work."""
        self.assertFalse(self.project._open_conflicts())
        staged = {one.source_id: one for one in self.staged_ones()}
        for key, (name, other) in {**self.companies, **self.deals}.items():
            record = staged[key]
            self.assertIn(record.state, ("loaded", "matched"), key)
            self.assertFalse(record.error or record.next_hash, key)
            if record.mapping_id._external_id(key) in self.touched:
                continue
            target = self.env[record.res_model].browse(record.res_id)
            self.assertEqual(target.name, name, key)
            if key in self.companies:
                self.assertEqual(target.city, other, key)
            else:
                self.assertEqual(target.partner_id.id, staged[other].res_id, key)
        self.check_link_and_file(staged)

    def check_link_and_file(self, staged):
        contact = self.env["res.partner"].browse(staged["P1"].res_id)
        company = self.env["res.partner"].browse(staged["C2"].res_id)
        loader = self.env["migration.loader.partner.link"]
        roles = [values[3] for values in self.links.values()]
        self.assertEqual(loader._roles(contact, company), roles)
        file = self.env["ir.attachment"].browse(staged["F1"].res_id)
        self.assertEqual(file.raw.decode(), self.content)
