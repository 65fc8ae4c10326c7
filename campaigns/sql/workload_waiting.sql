-- K12: calls that wait, by deadline.
INSERT INTO campaigns_workloadwaiting (municipality_id, deadline, calls)
SELECT t.municipality_id, t.deadline, count(*)
FROM campaigns_calltask t
WHERE t.municipality_id = %(municipality)s AND t.state IN ('open', 'claimed')
GROUP BY t.municipality_id, t.deadline
