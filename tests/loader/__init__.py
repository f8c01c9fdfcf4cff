from . import test_crm_lead
from . import test_ir_attachment
from . import test_mail
from . import test_res_partner
from . import test_lead_party
from . import test_mail_kinds
from . import test_attachment_source
from . import test_calendar_event
