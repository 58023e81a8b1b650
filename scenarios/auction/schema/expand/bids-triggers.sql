-- Both shapes of a bid stay in step, as in items.
SET SESSION lock_wait_timeout = 10;
CREATE OR REPLACE TRIGGER bids_shapes_insert BEFORE INSERT ON bids FOR EACH ROW SET
  NEW.bid_cents = COALESCE(NEW.bid_cents, ROUND(NEW.bid * 100)),
  NEW.max_bid_cents = COALESCE(NEW.max_bid_cents, ROUND(NEW.max_bid * 100)),
  NEW.bid = NEW.bid_cents / 100,
  NEW.max_bid = NEW.max_bid_cents / 100;
CREATE OR REPLACE TRIGGER bids_shapes_update BEFORE UPDATE ON bids FOR EACH ROW SET
  NEW.bid_cents = IF(NEW.bid_cents IS NULL
    OR (NEW.bid_cents <=> OLD.bid_cents AND NEW.bid <> OLD.bid), ROUND(NEW.bid * 100), NEW.bid_cents),
  NEW.max_bid_cents = IF(NEW.max_bid_cents IS NULL
    OR (NEW.max_bid_cents <=> OLD.max_bid_cents AND NEW.max_bid <> OLD.max_bid), ROUND(NEW.max_bid * 100), NEW.max_bid_cents),
  NEW.bid = NEW.bid_cents / 100,
  NEW.max_bid = NEW.max_bid_cents / 100;
