"""What the texts are: which there are, which fields each may hold, and the first edition that the program brings."""
