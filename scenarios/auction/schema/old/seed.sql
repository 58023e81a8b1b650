-- Data of the old release, at the share @scale of the full size. Everything is computed from the row's number:
-- no chance, no clock, so that every build holds the same rows.
SET @users = ROUND(1000000 * @scale), @closed = ROUND(500000 * @scale), @open = ROUND(33000 * @scale);
SET @purchases = ROUND(1900 * @scale), @items = @closed + @open;
SET SESSION max_recursive_iterations = 0, foreign_key_checks = 0, unique_checks = 0;
SET @words = 'vintage,oak,silver,painted,signed,rare,blue,carved,brass,linen,glass,walnut,ivory,early,boxed,restored,large,small,pair,single,travel,garden,kitchen,model,silk,leather,copper,marble,antique,modern,original,numbered';

INSERT INTO categories
SELECT seq, ELT(seq, 'Antiques & Art', 'Books', 'Business, Office & Industrial', 'Clothing & Accessories',
  'Coins', 'Collectibles', 'Computers', 'Consumer Electronics', 'Dolls & Bears', 'Home & Garden',
  'Jewelry, Gems & Watches', 'Movies & Television', 'Music', 'Photo', 'Pottery & Glass', 'Sports',
  'Stamps', 'Tickets & Travel', 'Toys & Hobbies', 'Everything Else')
FROM seq_1_to_20;

INSERT INTO regions
SELECT seq, CONCAT(ELT(1 + seq MOD 4, 'North', 'East', 'South', 'West'), ' District ', seq) FROM seq_1_to_62;

INSERT INTO users (id, firstname, lastname, nickname, email, password, rating, balance, creation_date, region)
SELECT seq, CONCAT('Great', seq), CONCAT('User', seq), CONCAT('user', seq), CONCAT('user', seq, '@auction.test'),
  SHA2(CONCAT('password', seq), 256), 0, CRC32(CONCAT('balance', seq)) MOD 100000 / 100,
  '2020-01-01' + INTERVAL (seq * 37) MOD 1000000 MINUTE, 1 + seq MOD 62
FROM seq_1_to_1000000 WHERE seq <= @users;

-- Both kinds of items, before they are parted; every tenth item on sale can be bought at once, from a stock that load
-- cannot use up. A description has 100 to 900 characters, and one in fifty the full 7168.
CREATE TEMPORARY TABLE every_item AS
SELECT seq AS id,
  CONCAT(SUBSTRING_INDEX(SUBSTRING_INDEX(@words, ',', 1 + CRC32(CONCAT('adjective', seq)) MOD 32), ',', -1), ' ',
    SUBSTRING_INDEX(SUBSTRING_INDEX(@words, ',', 1 + CRC32(CONCAT('noun', seq)) MOD 32), ',', -1), ' no. ', seq) AS name,
  LEFT(REPEAT(CONCAT('Lot ', seq, ': ', REPLACE(@words, ',', IF(seq MOD 2, ' ', ', ')), '. '), 40),
    IF(seq MOD 50 = 0, 7168, 100 + CRC32(CONCAT('description', seq)) MOD 801)) AS description,
  (100 + CRC32(CONCAT('price', seq)) MOD 499901) / 100 AS initial_price,
  CASE WHEN seq > @closed AND seq MOD 10 = 0 THEN 100000
    WHEN CRC32(CONCAT('quantity', seq)) MOD 10 < 8 THEN 1
    ELSE 2 + CRC32(CONCAT('stock', seq)) MOD 9 END AS offered,
  CRC32(CONCAT('reserve', seq)) MOD 10 < 4 AS has_reserve,
  seq > @closed AND seq MOD 10 = 0 AS has_buy_now,
  (seq * 7919) MOD 20 AS nb_of_bids,
  IF(seq > @closed, '2024-01-01', '2021-01-01') + INTERVAL (seq * 41) MOD 1000000 MINUTE AS start_date,
  1 + CRC32(CONCAT('duration', seq)) MOD 7 AS duration_days,
  1 + CRC32(CONCAT('seller', seq)) MOD @users AS seller,
  1 + CRC32(CONCAT('category', seq)) MOD 20 AS category
FROM seq_1_to_533000 WHERE seq <= @items;
ALTER TABLE every_item ADD PRIMARY KEY (id);

-- The k-th bid on an item is 1 to 10 above the one before; the highest acceptable bid is 0 to 5 above the bid.
INSERT INTO bids (id, user, item, quantity, bid, max_bid, date)
SELECT ROW_NUMBER() OVER (ORDER BY item, k), 1 + CRC32(CONCAT('bidder', item, '.', k)) MOD @users, item, 1,
  initial_price + SUM(step) OVER (PARTITION BY item ORDER BY k),
  initial_price + SUM(step) OVER (PARTITION BY item ORDER BY k) + CRC32(CONCAT('limit', item, '.', k)) MOD 6,
  start_date + INTERVAL k HOUR
FROM (
  SELECT i.id AS item, s.seq AS k, 1 + CRC32(CONCAT('step', i.id, '.', s.seq)) MOD 10 AS step, i.initial_price, i.start_date
  FROM every_item i JOIN seq_1_to_19 s ON s.seq <= i.nb_of_bids
) AS made;

INSERT INTO buy_now (id, buyer, item, quantity, date)
SELECT seq, 1 + CRC32(CONCAT('buyer', seq)) MOD @users, item, 1 + seq MOD 3,
  '2024-06-01' + INTERVAL seq HOUR
FROM (
  SELECT s.seq, (CEIL((@closed + 1) / 10) + s.seq MOD FLOOR(@open / 10)) * 10 AS item
  FROM seq_1_to_1900 s WHERE s.seq <= @purchases
) AS made;

CREATE TEMPORARY TABLE highest AS SELECT item, MAX(bid) AS max_bid FROM bids GROUP BY item;
ALTER TABLE highest ADD PRIMARY KEY (item);
CREATE TEMPORARY TABLE sold AS SELECT item, SUM(quantity) AS quantity FROM buy_now GROUP BY item;
ALTER TABLE sold ADD PRIMARY KEY (item);

INSERT INTO items (id, name, description, initial_price, offered, quantity, reserve_price, buy_now, nb_of_bids, max_bid,
  start_date, end_date, seller, category)
SELECT i.id, i.name, i.description, i.initial_price, i.offered, i.offered - COALESCE(s.quantity, 0),
  IF(i.has_reserve, ROUND(i.initial_price * 1.2, 2), 0), IF(i.has_buy_now, ROUND(i.initial_price * 2, 2), 0),
  i.nb_of_bids, COALESCE(h.max_bid, 0),
  i.start_date, '2099-01-01' + INTERVAL i.duration_days DAY + INTERVAL (i.id * 41) MOD 400000 MINUTE, i.seller, i.category
FROM every_item i LEFT JOIN highest h ON h.item = i.id LEFT JOIN sold s ON s.item = i.id
WHERE i.id > @closed;

INSERT INTO old_items (id, name, description, initial_price, offered, quantity, reserve_price, buy_now, nb_of_bids,
  max_bid, start_date, end_date, seller, category)
SELECT i.id, i.name, i.description, i.initial_price, i.offered, i.offered,
  IF(i.has_reserve, ROUND(i.initial_price * 1.2, 2), 0), 0, i.nb_of_bids, COALESCE(h.max_bid, 0),
  i.start_date, i.start_date + INTERVAL i.duration_days DAY, i.seller, i.category
FROM every_item i LEFT JOIN highest h ON h.item = i.id
WHERE i.id <= @closed;

-- One comment an item, of 20 to 400 characters, and one in a hundred of the full 2048.
INSERT INTO comments (id, from_user, to_user, item, rating, date, comment)
SELECT id, 1 + CRC32(CONCAT('critic', id)) MOD @users, seller, id,
  CAST(ELT(1 + CRC32(CONCAT('rating', id)) MOD 5, '-5', '-3', '0', '3', '5') AS SIGNED), start_date + INTERVAL 8 DAY,
  LEFT(REPEAT(CONCAT('About lot ', id, ': ', ELT(1 + CRC32(CONCAT('rating', id)) MOD 5, 'very bad', 'bad', 'neutral', 'good',
    'excellent'), ' service & goods. '), 80), IF(id MOD 100 = 0, 2048, 20 + CRC32(CONCAT('length', id)) MOD 381))
FROM every_item;

UPDATE users u JOIN (SELECT to_user, SUM(rating) AS rating FROM comments GROUP BY to_user) c ON c.to_user = u.id
SET u.rating = c.rating;

INSERT INTO ids SELECT 1, 20, 62, @users, @items, (SELECT COUNT(*) FROM comments), (SELECT COUNT(*) FROM bids), @purchases;

ANALYZE TABLE categories, regions, users, items, old_items, bids, comments, buy_now, sessions, ids PERSISTENT FOR ALL;
