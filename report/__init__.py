from . import audit_report
