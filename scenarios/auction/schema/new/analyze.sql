-- What is counted in the background comes too late: a plan made for an empty table takes minutes on a full one.
ANALYZE TABLE categories, regions, users, user_ratings, items, bids, comments, buy_now, sessions, ids;
