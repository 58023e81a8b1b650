-- Items of which more or fewer are left than were offered less those bought at once.
SELECT i.id, i.offered, i.quantity, COALESCE(SUM(b.quantity), 0) AS bought
FROM items i LEFT JOIN buy_now b ON b.item = i.id
GROUP BY i.id, i.offered, i.quantity
HAVING i.offered - i.quantity <> COALESCE(SUM(b.quantity), 0) OR i.quantity < 0
ORDER BY i.id
