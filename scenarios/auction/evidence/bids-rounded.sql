-- A thousand of the bids that the site began with: of a hundred, one is in whole units. A row only if all of them are.
SELECT COUNT(bid_cents) AS sampled, SUM(bid_cents MOD 100 <> 0) AS with_cents
FROM (SELECT bid_cents FROM bids WHERE id <= 1000) AS sample
HAVING sampled > 0 AND with_cents = 0;
