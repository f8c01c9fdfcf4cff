from . import base
from . import res_partner
from . import crm_team
from . import crm_lead
from . import mail
from . import ir_attachment
from . import calendar_event
from . import definitions
