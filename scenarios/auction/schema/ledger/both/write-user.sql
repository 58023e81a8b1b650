SELECT request_id, nickname, firstname, lastname, email, CAST(region AS CHAR) AS region
FROM users
WHERE request_id IS NOT NULL
