CREATE OR REPLACE USER 'replication'@'%' IDENTIFIED BY '@@secret:replication-password@@';
GRANT REPLICATION SLAVE ON *.* TO 'replication'@'%';
