"""The rules of letters: who gets one and how, what stands where on the sheet, and the Digital Post format. Pure."""
