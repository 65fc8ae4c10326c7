"""How CPR and phone numbers are shown: masked everywhere, in full only where a person asked for it (A4)."""

DOTS = "••••"


def format_cpr(cpr: str) -> str:
    """`0101611234` as `010161-1234`; anything but ten characters is given back as it is."""
    return f"{cpr[:6]}-{cpr[6:]}" if len(cpr) == 10 else cpr


def mask_cpr(cpr: str) -> str:
    """`0101611234` as `010161-••••`; nothing at all of what is no CPR number; empty stays empty."""
    if not cpr:
        return ""
    return f"{cpr[:6]}-{DOTS}" if len(cpr) == 10 else DOTS


def mask_phone(number: str) -> str:
    """`+4520123456` as `•• •• •• 56`: enough to tell two numbers of a citizen apart; empty stays empty."""
    if not number:
        return ""
    return f"•• •• •• {number[-2:]}" if len(number) >= 8 else DOTS
