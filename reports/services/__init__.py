"""What the app writes: imported uptake and summaries of its own follow-up."""
