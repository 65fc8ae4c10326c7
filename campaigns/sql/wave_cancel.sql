-- Cancel what a wave still has in the queue. What is being handed over is not stopped.
WITH cancelled AS (
    UPDATE campaigns_smsmessage
    SET status = 'cancelled', status_at = %(now)s, status_reason = %(reason)s
    WHERE wave_id = %(wave)s AND municipality_id = %(municipality)s AND status = 'queued'
    RETURNING id, municipality_id
),

noted AS (
    INSERT INTO campaigns_smsstatuschange (municipality_id, message_id, status, at, note)
    SELECT municipality_id, id, 'cancelled', %(now)s, %(reason)s FROM cancelled
)

SELECT count(*) FROM cancelled
