"""The rules of SMS waves (S3, S4): whom a filter names, who is left out and why, when each goes, and is there room."""
