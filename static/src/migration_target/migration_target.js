import {SelectionField, selectionField} from "@web/views/fields/selection/selection_field";
import {registry} from "@web/core/registry";

/** The Odoo field a line goes to, chosen among those its object can have. */
export class MigrationTargetField extends SelectionField {
    get options() {
        const choices = this.props.record.data.target_choices || [];
        const value = this.props.record.data[this.props.name];
        const known = !value || choices.some(([name]) => name === value);
        return known ? choices : [...choices, [value, value]];
    }
    get string() {
        const value = this.props.record.data[this.props.name];
        const choice = this.options.find(([name]) => name === value);
        return choice ? choice[1] : "";
    }
    onChange(value) {
        this.props.record.update({[this.props.name]: value || false});
    }
}

registry.category("fields").add("migration_target", {
    ...selectionField,
    component: MigrationTargetField,
    supportedTypes: ["char"],
    fieldDependencies: [{name: "target_choices", type: "json"}],
});
