"""How pages look and how Danish figures are written; knows no model and no citizen."""
