-- What the new release's search reads: the items of a category on sale, soonest end first, and the last one sold.
SET SESSION lock_wait_timeout = 10;
CREATE INDEX items_hot ON items (category, closed, end_date) ALGORITHM = INPLACE LOCK = NONE;
