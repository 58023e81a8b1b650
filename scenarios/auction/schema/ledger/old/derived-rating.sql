-- Users whose rating is not the sum of the comments about them.
SELECT u.id, u.rating, COALESCE(SUM(c.rating), 0) AS comments
FROM users u LEFT JOIN comments c ON c.to_user = u.id
GROUP BY u.id, u.rating
HAVING u.rating <> COALESCE(SUM(c.rating), 0)
ORDER BY u.id
