"""Read an uptake file: which kind it is, and its rows as plain values. Pure: bytes in, values out."""
