-- Closed items join the others; their ids do not meet.
INSERT INTO items (id, name, description, offered, quantity, nb_of_bids, start_date, end_date, seller, category, request_id,
  closed, initial_price_cents, reserve_price_cents, buy_now_cents, max_bid_cents)
SELECT id, name, description, offered, quantity, nb_of_bids, start_date, end_date, seller, category, request_id,
  1, ROUND(initial_price * 100), ROUND(reserve_price * 100), ROUND(buy_now * 100), ROUND(max_bid * 100)
FROM old_items;
DROP TABLE old_items;
