from outreach.errors import UserError


def test_user_error_carries_code_and_sentence() -> None:
    error = UserError("list_older", "Listen er ældre end den nyeste. Hent en ny.")
    assert (error.code, error.message) == (
        "list_older",
        "Listen er ældre end den nyeste. Hent en ny.",
    )
    assert str(error) == error.message
