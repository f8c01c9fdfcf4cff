"""The assumed layout of an Allegory export: its tables and their columns.

No public layout exists, so the names here are an assumption shared with the
addon's own template.
"""

CUSTOM_FIELDS = {
    "company": (
        ("cf_tier", "Tier", "picklist", "Gold|Silver|Bronze"),
        ("cf_annual_revenue", "Annual revenue", "currency", ""),
        ("cf_customer_since", "Customer since", "date", ""),
        ("cf_reference_customer", "Reference customer", "checkbox", ""),
    ),
    "contact": (
        ("cf_language", "Language", "picklist", "English|German|French|Swedish"),
        ("cf_newsletter", "Newsletter", "checkbox", ""),
        ("cf_lead_score", "Lead score", "number", ""),
        ("cf_first_met", "First met", "date", ""),
        ("cf_assistant", "Assistant", "text", ""),
    ),
    "deal": (
        ("cf_region", "Region", "picklist", "North|South|East|West"),
        ("cf_discount", "Discount (%)", "number", ""),
        ("cf_budget", "Budget", "currency", ""),
        ("cf_contract_end", "Contract end", "date", ""),
        ("cf_nda_signed", "NDA signed", "checkbox", ""),
        ("cf_competitor", "Competitor", "text", ""),
        ("cf_requirements", "Requirements", "multiline", ""),
    ),
}


def _custom(kind):
    return tuple(field[0] for field in CUSTOM_FIELDS[kind])


_AUDIT = ("created_at", "updated_at", "created_by")

TABLES = {
    "users": ("user_id", "email", "full_name", "active"),
    "pipelines": ("pipeline_id", "name", "position"),
    "stages": (
        "stage_id",
        "pipeline_id",
        "name",
        "position",
        "probability",
        "color",
        "is_won",
    ),
    "tags": ("name", "applies_to", "color"),
    "custom_fields": ("object", "key", "label", "type", "options"),
    "companies": (
        "company_id",
        "name",
        "website",
        "email",
        "phone",
        "street",
        "street2",
        "city",
        "state",
        "zip",
        "country",
        "industry",
        "employee_count",
        "parent_company_id",
        "owner_email",
        "description",
        "tags",
        *_custom("company"),
        *_AUDIT,
    ),
    "contacts": (
        "contact_id",
        "first_name",
        "last_name",
        "email",
        "phone",
        "mobile",
        "job_title",
        "street",
        "city",
        "state",
        "zip",
        "country",
        "owner_email",
        "tags",
        "description",
        *_custom("contact"),
        *_AUDIT,
    ),
    "contact_companies": ("contact_id", "company_id", "is_primary", "role"),
    "deals": (
        "deal_id",
        "name",
        "pipeline_id",
        "stage_id",
        "amount",
        "currency",
        "probability",
        "status",
        "lost_reason",
        "close_date",
        "closed_at",
        "stage_entered_at",
        "company_id",
        "contact_id",
        "owner_email",
        "tags",
        "notes",
        *_custom("deal"),
        *_AUDIT,
    ),
    "activities": (
        "activity_id",
        "type",
        "subject",
        "body",
        "status",
        "due_date",
        "done_at",
        "owner_email",
        "related_type",
        "related_id",
        "duration_minutes",
        "created_at",
        "created_by",
    ),
    "notes": (
        "note_id",
        "body",
        "related_type",
        "related_id",
        "author_email",
        "created_at",
        "file_ids",
    ),
    "files": (
        "file_id",
        "file_name",
        "path",
        "mime_type",
        "size",
        "sha1",
        "related_type",
        "related_id",
        "uploaded_by",
        "uploaded_at",
        "note_id",
    ),
}

LIST_SEPARATOR = "|"

_PREFIXES = {
    "companies": "CO",
    "contacts": "CN",
    "deals": "DL",
    "activities": "AC",
    "notes": "NT",
    "files": "FL",
}

KIND_OF_TABLE = {"companies": "company", "contacts": "contact", "deals": "deal"}


def record_id(table, index):
    """Source id of a table's record by its 0-based ``index``: ``CO-00001``."""
    return f"{_PREFIXES[table]}-{index + 1:05d}"
