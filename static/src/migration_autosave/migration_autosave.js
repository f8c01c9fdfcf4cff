import { Component, useEffect, xml } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Saves a form as soon as something is chosen in it: what it shows is then what the
 * server has worked out, and its lines can be opened.
 */
export class MigrationAutosave extends Component {
    static template = xml``;
    static props = { ...standardWidgetProps };

    setup() {
        useEffect(
            (dirty) => {
                if (dirty) {
                    this.props.record.save();
                }
            },
            () => [this.props.record.dirty]
        );
    }
}

registry.category("view_widgets").add("migration_autosave", {
    component: MigrationAutosave,
});
