import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const EXPORT = [
    "company_id,name,city,employee_count",
    "CO-1,Tour Company,Lyon,12",
    "CO-2,Tour Supplier,Oslo,7",
];

const CUSTOMERS = [
    "Customer No;Company Name;E-mail;Town;Favourite Colour",
    "K-1;Tour Bakery;info@bakery.example.com;Lyon;green",
    "K-2;Tour Brewery;info@brewery.example.com;Oslo;red",
];
const OPPORTUNITIES = [
    "Deal ID;Deal Name;Company Name;Pipeline;Deal Stage;Amount",
    "D-1;Tour oven;Tour Bakery;Tour sales;Tour talks;1200.50",
];

function chooseMany2one(name, text) {
    return [
        {
            content: `Look for ${text}`,
            trigger: `.o_field_widget[name=${name}] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
            run: "click",
        },
    ];
}

function uploadFile(name, lines) {
    return [
        {
            content: `Add the file ${name}`,
            trigger: ".o_field_widget[name=file_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: `Upload ${name}`,
            trigger: ".o_field_widget[name=file_ids] .o_selected_row td[name=content]",
            run() {
                const files = new DataTransfer();
                files.items.add(new File([lines.join("\n")], name));
                const input = this.anchor.querySelector("input[type=file]");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: `${name} is there, under its name`,
            trigger: `.o_field_widget[name=file_ids] td[name=name]:contains(${name})`,
        },
    ];
}

function isAtStep(name) {
    return {
        content: `The migration is at the step ${name}`,
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${name})`,
    };
}

function startsRun() {
    return {
        content: "The run waits for its turn",
        trigger: ".o_migration_progress .progress",
    };
}

tours.add("crm_migration_read", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "crm_migration.migration_menu_root",
            "Open the app Migration"
        ),
        {
            content: "Start a migration",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour migration",
        },
        ...chooseMany2one("source_id", "Allegory"),
        ...chooseMany2one("fallback_user_id", "Admin"),
        ...uploadFile("companies.csv", EXPORT),
        {
            content: "Read it",
            trigger: "button[name=action_read]",
            run: "click",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_prepare", {
    steps: () => [
        isAtStep("Mapping"),
        {
            content: "Look at the mapping",
            trigger: ".o_notebook a[name=mapping]",
            run: "click",
        },
        {
            content: "Two companies are staged",
            trigger:
                "tr:has(td[name=label]:contains(Companies)) td[name=staged_count]:contains(2)",
        },
        {
            content: "Confirm the proposal",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Really confirm it",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Create the structure",
            trigger: "button[name=action_prepare]",
            run: "click",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_load", {
    steps: () => [
        isAtStep("Ready"),
        {
            content: "Sign the mapping off",
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "Really sign it off",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Load the records",
            trigger: "button[name=action_load]",
            run: "click",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_rollback", {
    steps: () => [
        isAtStep("Loaded"),
        {
            content: "Look at the records",
            trigger: "button[name=action_open_records]",
            run: "click",
        },
        {
            content: "Open the contact that a record became",
            trigger: ".o_data_row:contains(CO-1) button[name=action_open_target]",
            run: "click",
        },
        {
            content: "Look at what came with it",
            trigger: ".o_notebook a[name=migrated_data]",
            run: "click",
        },
        {
            content: "It names its source",
            trigger: ".o_field_widget[name=x_source_id]:contains(/company/CO-1)",
        },
        {
            content: "Its custom field has the value of the export",
            trigger: ".o_field_widget[name=x_employee_count] input:value(12)",
        },
        {
            content: "Back to the records",
            trigger: ".o_back_button:contains(Staged Records)",
            run: "click",
        },
        {
            content: "The records are listed",
            trigger: ".o_list_view .o_data_row:contains(CO-2)",
        },
        {
            content: "Back to the migration",
            trigger: ".o_back_button:contains(Tour migration)",
            run: "click",
        },
        {
            content: "Take it back",
            trigger: ".o_statusbar_buttons button:contains(Roll Back)",
            run: "click",
        },
        {
            content: "The preview counts the contacts",
            trigger:
                ".modal tr:has(td[name=name]:contains(Contact)) td[name=count]:contains(2)",
        },
        {
            content: "Start the rollback",
            trigger: ".modal button[name=action_rollback]",
            run: "click",
        },
        {
            content: "The preview is closed",
            trigger: "body:not(:has(.modal))",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_undone", {
    steps: () => [
        isAtStep("Mapping"),
        {
            content: "Nothing of it is in Odoo",
            trigger: "button[name=action_open_records] [name=loaded_count]:contains(0)",
        },
        {
            content: "It could be prepared anew",
            trigger: "button[name=action_prepare]",
        },
    ],
});

tours.add("crm_migration_any_read", {
    steps: () => [
        {
            content: "Start a migration",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour any",
        },
        ...chooseMany2one("source_id", "Any export"),
        ...chooseMany2one("fallback_user_id", "Admin"),
        ...uploadFile("customers_2024.csv", CUSTOMERS),
        ...uploadFile("won_business.csv", OPPORTUNITIES),
        {
            content: "Read them",
            trigger: "button[name=action_read]",
            run: "click",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_any_map", {
    steps: () => [
        isAtStep("Mapping"),
        {
            content: "The table of customers was understood",
            trigger:
                "tr:has(td[name=name]:contains(customers_2024)) td[name=object_ids]:contains(Companies)",
        },
        {
            content: "Look at the mapping",
            trigger: ".o_notebook a[name=mapping]",
            run: "click",
        },
        {
            content: "Companies become contacts, said without a technical name",
            trigger:
                "tr:has(td[name=label]:contains(Companies)) td[name=model_label]:contains(Contact)",
        },
        {
            content: "Stages are made from the deals",
            trigger:
                "tr:has(td[name=label]:contains(Stages)) td[name=staged_count]:contains(1)",
        },
        {
            content: "Look at the lines",
            trigger: "button[name=action_open_mappings]",
            run: "click",
        },
        {
            content: "The field is shown by its label",
            trigger:
                ".o_data_row:has(td[name=source_path]:contains(Town)) td[name=target_label]:contains(City)",
        },
        {
            content: "Back to the migration",
            trigger: ".o_back_button:contains(Tour any)",
            run: "click",
        },
        {
            content: "Confirm the proposal",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Really confirm it",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Create the structure",
            trigger: "button[name=action_prepare]",
            run: "click",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_any_rollback", {
    steps: () => [
        isAtStep("Loaded"),
        {
            content: "Nothing failed and nothing is held back",
            trigger: "body:not(:has(button[name=action_open_failed]))",
        },
        {
            content: "Take it back",
            trigger: ".o_statusbar_buttons button:contains(Roll Back)",
            run: "click",
        },
        {
            content: "The preview counts the companies",
            trigger:
                ".modal tr:has(td[name=name]:contains(Contact)) td[name=count]:contains(2)",
        },
        {
            content: "Start the rollback",
            trigger: ".modal button[name=action_rollback]",
            run: "click",
        },
        {
            content: "The preview is closed",
            trigger: "body:not(:has(.modal))",
        },
        startsRun(),
    ],
});

tours.add("crm_migration_connect", {
    steps: () => [
        {
            content: "Start a migration",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour by API",
        },
        ...chooseMany2one("source_id", "ArkCase"),
        ...chooseMany2one("fallback_user_id", "Admin"),
        {
            content: "Connect it, without saving it first",
            trigger: "button[name=action_connect]",
            run: "click",
        },
        {
            content: "The lists of the source are there",
            trigger: ".o_field_widget[name=endpoint_ids] td[name=label]:contains(Users)",
        },
        {
            content: "Where it is",
            trigger: ".o_field_widget[name=base_url] input",
            run: "edit https://arkcase.example.com/arkcase",
        },
        {
            content: "The source is in the own network",
            trigger: ".o_field_widget[name=allow_private_hosts] input",
            run: "check",
        },
        {
            content: "As whom",
            trigger: ".o_field_widget[name=login] input",
            run: "edit migration",
        },
        {
            content: "With this password",
            trigger: ".o_field_widget[name=password] input",
            run: "edit right",
        },
        {
            content: "Keep it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is kept",
            trigger: "body:not(:has(.o_form_button_save:visible))",
        },
    ],
});

tours.add("crm_migration_test_connection", {
    steps: () => [
        {
            content: "Open the connection again",
            trigger: "button[name=action_connect]",
            run: "click",
        },
        {
            content: "Test it",
            trigger: "button[name=action_check]",
            run: "click",
        },
        {
            content: "Every list says what came of it",
            trigger: "td[name=check_state]:contains(Works)",
        },
        {
            content: "Look at one list",
            trigger: "td[name=label]:contains(Users)",
            run: "click",
        },
        {
            content: "It can be changed",
            trigger: ".modal .o_field_widget[name=parent_name] input",
        },
        {
            content: "Leave it as it is",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "Back to the migration",
            trigger: "body:not(:has(.modal)) button[name=action_open_project]",
            run: "click",
        },
        {
            content: "Read it",
            trigger: "button[name=action_read]",
            run: "click",
        },
        startsRun(),
    ],
});
