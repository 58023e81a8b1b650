GRANT INSERT ON auction.bids TO 'auction_app2'@'%';
