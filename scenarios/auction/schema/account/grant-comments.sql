GRANT INSERT ON auction.comments TO 'auction_app2'@'%';
