from . import test_crm_lead
from . import test_ir_attachment
from . import test_mail
from . import test_res_partner
from . import test_lead_party
