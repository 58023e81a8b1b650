CREATE OR REPLACE USER 'imago'@'%' IDENTIFIED BY '@@secret:driver-password@@';
GRANT SELECT ON auction.* TO 'imago'@'%';
GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'imago'@'%';
