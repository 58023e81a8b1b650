GRANT SELECT ON auction.* TO 'auction_app2'@'%';
