"""Spreadsheets of contacts on their way in: read in the bounded child, checked, written as rows to review."""
