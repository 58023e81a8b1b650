-- Both shapes of a row stay in step, whichever release writes it. A change of the cents wins over the prices;
-- where only the price changed, or the cents are not there yet, they follow the price. A backfill that writes
-- the cents of a row as they are changes nothing.
SET SESSION lock_wait_timeout = 10;
CREATE OR REPLACE TRIGGER items_shapes_insert BEFORE INSERT ON items FOR EACH ROW SET
  NEW.initial_price_cents = COALESCE(NEW.initial_price_cents, ROUND(NEW.initial_price * 100)),
  NEW.reserve_price_cents = COALESCE(NEW.reserve_price_cents, ROUND(NEW.reserve_price * 100)),
  NEW.buy_now_cents = COALESCE(NEW.buy_now_cents, ROUND(NEW.buy_now * 100)),
  NEW.max_bid_cents = COALESCE(NEW.max_bid_cents, ROUND(NEW.max_bid * 100)),
  NEW.initial_price = NEW.initial_price_cents / 100,
  NEW.reserve_price = NEW.reserve_price_cents / 100,
  NEW.buy_now = NEW.buy_now_cents / 100,
  NEW.max_bid = NEW.max_bid_cents / 100;
CREATE OR REPLACE TRIGGER items_shapes_update BEFORE UPDATE ON items FOR EACH ROW SET
  NEW.initial_price_cents = IF(NEW.initial_price_cents IS NULL
    OR (NEW.initial_price_cents <=> OLD.initial_price_cents AND NEW.initial_price <> OLD.initial_price),
    ROUND(NEW.initial_price * 100), NEW.initial_price_cents),
  NEW.reserve_price_cents = IF(NEW.reserve_price_cents IS NULL
    OR (NEW.reserve_price_cents <=> OLD.reserve_price_cents AND NEW.reserve_price <> OLD.reserve_price),
    ROUND(NEW.reserve_price * 100), NEW.reserve_price_cents),
  NEW.buy_now_cents = IF(NEW.buy_now_cents IS NULL
    OR (NEW.buy_now_cents <=> OLD.buy_now_cents AND NEW.buy_now <> OLD.buy_now),
    ROUND(NEW.buy_now * 100), NEW.buy_now_cents),
  NEW.max_bid_cents = IF(NEW.max_bid_cents IS NULL
    OR (NEW.max_bid_cents <=> OLD.max_bid_cents AND NEW.max_bid <> OLD.max_bid),
    ROUND(NEW.max_bid * 100), NEW.max_bid_cents),
  NEW.initial_price = NEW.initial_price_cents / 100,
  NEW.reserve_price = NEW.reserve_price_cents / 100,
  NEW.buy_now = NEW.buy_now_cents / 100,
  NEW.max_bid = NEW.max_bid_cents / 100;
