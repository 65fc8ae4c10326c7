"""Classification of this app's fields."""

from outreach.privacy.classification import Sensitivity

FIELDS = {
    "OutboxMessage": {
        "id": Sensitivity.NONE,
        "reference": Sensitivity.NONE,
        "number_sealed": Sensitivity.PERSONAL,
        "number_index": Sensitivity.PERSONAL,
        "body": Sensitivity.SENSITIVE,
        "sender": Sensitivity.NONE,
        "created_at": Sensitivity.NONE,
    },
    "GatewayState": dict.fromkeys(
        [
            "gateway",
            "state",
            "since",
            "reason",
            "danish",
            "failures",
            "probes",
            "probe_at",
            "probing_until",
            "slow_until",
            "slowed",
            "tokens",
            "tokens_at",
        ],
        Sensitivity.NONE,
    ),
    "RefusedSender": dict.fromkeys(["municipality_code", "code", "danish", "since"], Sensitivity.NONE),
    "GatewayEvent": {
        **dict.fromkeys(
            ["id", "kind", "gateway", "status", "error_code", "own_number", "media", "opt_out_word"], Sensitivity.NONE
        ),
        **dict.fromkeys(["received_at", "processed_at", "result", "attempts"], Sensitivity.NONE),
        **dict.fromkeys(["gateway_id", "reference", "number_ciphertext", "number_index"], Sensitivity.PERSONAL),
        "body": Sensitivity.SENSITIVE,
    },
    # Ours and the gateway's keys only: which municipality to look in, never at whom.
    "MessageRoute": dict.fromkeys(["message_id", "municipality_code", "made_at"], Sensitivity.NONE),
    "NumberRoute": {
        **dict.fromkeys(["id", "municipality_code", "last_message_at"], Sensitivity.NONE),
        "number_index": Sensitivity.PERSONAL,
    },
}
RETENTION = {"OutboxMessage": "outbox", "GatewayEvent": "gateway_events", "NumberRoute": "number_routes"}
