from . import audit_report
from . import verify_report
from . import handover_report
