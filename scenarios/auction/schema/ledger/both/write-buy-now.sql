SELECT b.request_id, u.nickname AS buyer, CAST(b.item AS CHAR) AS item, CAST(b.quantity AS CHAR) AS quantity
FROM buy_now b JOIN users u ON u.id = b.buyer
WHERE b.request_id IS NOT NULL
