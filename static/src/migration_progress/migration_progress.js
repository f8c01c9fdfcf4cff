import { Component, useEffect } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const INTERVAL = 3000;

/**
 * Shows how far the current run of a migration is, and reads the record again every
 * few seconds while the run is queued or running.
 */
export class MigrationProgress extends Component {
    static template = "crm_migration.MigrationProgress";
    static props = { ...standardWidgetProps };

    setup() {
        useEffect(
            (working) => {
                if (!working) {
                    return;
                }
                const timer = browser.setInterval(() => this.refresh(), INTERVAL);
                return () => browser.clearInterval(timer);
            },
            () => [this.isWorking]
        );
    }

    get data() {
        return this.props.record.data;
    }

    get isWorking() {
        return ["queued", "running"].includes(this.data.run_state);
    }

    get isMeasured() {
        return this.data.run_state === "running" && this.data.progress > 0;
    }

    get percent() {
        return Math.min(100, Math.floor(this.data.progress));
    }

    get rate() {
        return Math.round(this.data.rate);
    }

    /**
     * Read the record again, unless the user is changing it. While custom fields are
     * made, Odoo may be unable to answer: that is told only if it goes on.
     */
    async refresh() {
        if (this.refreshing) {
            return;
        }
        this.refreshing = true;
        try {
            if (!(await this.props.record.isDirty())) {
                await this.props.record.load();
            }
            this.missed = false;
        } catch (error) {
            if (this.missed) {
                throw error;
            }
            this.missed = true;
        } finally {
            this.refreshing = false;
        }
    }
}

registry.category("view_widgets").add("migration_progress", {
    component: MigrationProgress,
    fieldDependencies: [
        { name: "current_run_id", type: "many2one" },
        { name: "run_state", type: "selection" },
        { name: "progress", type: "float" },
        { name: "remaining", type: "char" },
        { name: "rate", type: "float" },
        { name: "run_message", type: "text" },
    ],
});
