GRANT INSERT, UPDATE ON auction.items TO 'auction_app2'@'%';
