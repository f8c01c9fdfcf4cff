import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_migration_mapping_line", {
    steps: () => [
        {
            content: "The proposed field is shown by its label",
            trigger: ".o_field_widget[name=target] input.o_select_menu_toggler",
            run: "click",
        },
        {
            content: "Look for another one",
            trigger: ".o_field_widget[name=target] input.o_select_menu_toggler",
            run: "edit street2",
        },
        {
            content: "Choose it",
            trigger: ".o_select_menu_item:contains(street2)",
            run: "click",
        },
        {
            content: "Save the line",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
        {
            content: "Confirm it",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is confirmed",
            trigger: ".o_field_widget[name=confirmed] input:checked:not(:visible), .o_field_widget[name=confirmed] input:checked",
        },
    ],
});

registry.category("web_tour.tours").add("crm_migration_mapping_file", {
    steps: () => [
        {
            content: "Look at the mapping",
            trigger: ".o_notebook a[name=mapping]",
            run: "click",
        },
        {
            content: "Open the wizard",
            trigger: "button:contains(Mapping File…)",
            run: "click",
        },
        {
            content: "Upload a mapping that changes a line and knows one column too many",
            trigger: ".modal .o_field_widget[name=file]",
            run() {
                const mapping = {
                    objects: [
                        {
                            name: "company",
                            label: "Companies",
                            lines: [
                                {
                                    source_path: "city",
                                    kind: "direct",
                                    target: "street2",
                                },
                                { source_path: "gone", kind: "ignored" },
                            ],
                        },
                    ],
                };
                const files = new DataTransfer();
                files.items.add(new File([JSON.stringify(mapping)], "mapping.json"));
                const input = this.anchor.querySelector("input[type=file]");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "Take it over",
            trigger: ".modal button[name=action_load]",
            run: "click",
        },
        {
            content: "What has no place is listed",
            trigger: ".modal .o_field_widget[name=result]:contains(gone)",
        },
        {
            content: "Close the wizard",
            trigger: ".modal-footer button:contains(Close)",
            run: "click",
        },
        {
            content: "It is closed",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
