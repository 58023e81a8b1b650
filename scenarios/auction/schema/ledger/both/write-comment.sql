SELECT c.request_id, f.nickname AS from_user, t.nickname AS to_user, CAST(c.item AS CHAR) AS item,
  CAST(c.rating AS CHAR) AS rating, c.comment
FROM comments c JOIN users f ON f.id = c.from_user JOIN users t ON t.id = c.to_user
WHERE c.request_id IS NOT NULL
