-- Users whose rating is not the sum of the comments about them, or who have none.
SELECT u.id, r.rating, COALESCE(SUM(c.rating), 0) AS comments
FROM users u LEFT JOIN user_ratings r ON r.user_id = u.id LEFT JOIN comments c ON c.to_user = u.id
GROUP BY u.id, r.rating
HAVING NOT r.rating <=> COALESCE(SUM(c.rating), 0)
ORDER BY u.id
