"""How an SSN looks, as the programs beside this are told it. It is a warning, no proof."""

_NUMBER = r"(?!000|666|9\d\d)\d{3}[-\u2010-\u2013 ](?!00)\d{2}[-\u2010-\u2013 ](?!0000)\d{4}"
_NAMED = r"(?:\bssn\b|\bsocial security)\D{0,40}\d{9}"
SSN = rf"(?i)(?<![\d-]){_NUMBER}(?![\d-])|{_NAMED}(?!\d)"
