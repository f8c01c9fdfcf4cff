from . import test_audit
from . import test_handover
from . import test_map
from . import test_owners
from . import test_review
from . import test_sample
from . import test_status
