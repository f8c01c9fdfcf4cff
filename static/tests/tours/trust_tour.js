import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function click(content, trigger) {
    return { content, trigger, run: "click" };
}

function button(name, content) {
    return click(content, `.o_form_view button[name=${name}]:visible`);
}

function startsRun() {
    return {
        content: "The run waits for its turn",
        trigger: ".o_migration_progress .progress",
    };
}

tours.add("crm_migration_conflict", {
    steps: () => [
        button("action_open_conflicts", "Something is to be decided"),
        {
            content: "Both values are there",
            trigger:
                ".o_data_row:has(td[name=odoo_value]:contains(150)) td[name=source_value]:contains(120)",
        },
        click(
            "Take the source's",
            ".o_data_row:contains(D1) button[name=action_take_source]"
        ),
        {
            content: "It is decided, and stays on the screen",
            trigger: ".o_data_row td[name=decision]:contains(Take the source's)",
        },
        click("Write it, with nothing selected", "button[name=action_apply]"),
        click("Really write it", ".modal-footer .btn-primary"),
        {
            content: "It has been started",
            trigger: ".o_notification:contains(started)",
        },
    ],
});

tours.add("crm_migration_repair", {
    steps: () => [
        button("action_open_reasons", "See why records failed"),
        {
            content: "The reason is told in words",
            trigger: ".o_data_row td[name=reason]:contains(Not a number)",
        },
        click(
            "Look at its records",
            ".o_data_row:contains(Not a number) button[name=action_open]"
        ),
        click("Open the record", ".o_data_row td[name=source_id]:contains(C2)"),
        button("action_correct", "Correct it"),
        click("Choose the value", ".modal .o_data_row:contains(about 40) td[name=value]"),
        {
            content: "Write another one",
            trigger: ".modal .o_selected_row td[name=value] textarea",
            run: "edit 40",
        },
        click("Try it", ".modal button[name=action_apply_and_try]"),
        startsRun(),
    ],
});

tours.add("crm_migration_verify", {
    steps: () => [button("action_verify", "Verify"), startsRun()],
});

tours.add("crm_migration_verified", {
    steps: () => [
        button("action_open_checks", "Look at the results"),
        {
            content: "There is a report of them",
            trigger: ".o_control_panel button[name=action_report]",
        },
        click(
            "Open the records of a result",
            ".o_data_row:contains(Deals) button[name=action_open_records]"
        ),
        {
            content: "They are listed",
            trigger: ".o_breadcrumb .active:not(:contains(Verification))",
        },
        {
            content: "The deal is there",
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

tours.add("crm_migration_handover", {
    steps: () => [
        button("action_handover", "Hand it over"),
        {
            content: "There is a summary",
            trigger: ".modal .o_data_row td[name=name]:contains(summary)",
        },
        click("Read it", ".modal button[name=action_page]"),
        {
            content: "It is shown",
            trigger: ".o_report_iframe, iframe",
        },
    ],
});

tours.add("crm_migration_purge", {
    steps: () => [
        button("action_purge", "Purge the data"),
        {
            content: "It has to be understood",
            trigger: ".modal:not(:has(button[name=action_purge]:visible))",
        },
        click("It is", ".modal .o_field_widget[name=understood] input"),
        click("Purge it", ".modal button[name=action_purge]"),
        {
            content: "It is done",
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "What needs the data is not offered any more, what does not is",
            trigger:
                ".o_form_statusbar:has(button[name=action_roll_back])" +
                ":not(:has(button[name=action_load], button[name=action_verify]))",
        },
    ],
});

tours.add("crm_migration_preview", {
    steps: () => [
        button("action_roll_back", "See what would be taken back"),
        click(
            "Choose what becomes of what users have changed",
            ".modal .o_field_widget[name=changed] .o_select_menu_toggler"
        ),
        click("Archive it", ".o_select_menu_item:contains(Archive it)"),
        {
            content: "It says so",
            trigger: ".modal td[name=action]:contains(Is archived)",
        },
        click(
            "Open these records",
            ".modal .o_data_row:contains(Is archived) button[name=action_open]"
        ),
        {
            content: "They are listed",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Roof)",
        },
    ],
});
