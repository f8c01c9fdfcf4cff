from . import test_rows_case_file_billing
from . import test_rows_billing_compared
from . import test_rows_delta
