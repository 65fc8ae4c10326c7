import pytest

from outreach.privacy.masking import format_cpr, mask_cpr, mask_phone


@pytest.mark.parametrize(
    ("cpr", "masked", "formatted"),
    [
        ("7101391234", "710139-••••", "710139-1234"),
        ("1101391AA3", "110139-••••", "110139-1AA3"),
        ("123", "••••", "123"),
        ("", "", ""),
    ],
)
def test_cpr(cpr: str, masked: str, formatted: str) -> None:
    assert mask_cpr(cpr) == masked
    assert format_cpr(cpr) == formatted


@pytest.mark.parametrize(("number", "masked"), [("+4520123456", "•• •• •• 56"), ("1231", "••••"), ("", "")])
def test_mask_phone(number: str, masked: str) -> None:
    assert mask_phone(number) == masked
