"""Values made ready for templates; no queries."""
