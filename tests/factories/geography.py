"""Codes every test speaks of: two municipalities of one region, and one of another."""

ISHOEJ, HOEJE_TAASTRUP, AARHUS = 183, 169, 751
CAPITAL_REGION, CENTRAL_REGION = 1084, 1082
