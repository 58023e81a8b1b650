GRANT INSERT ON auction.buy_now TO 'auction_app2'@'%';
