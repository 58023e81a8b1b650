-- All hosts start from the same image, and the primary's binary log from its first start: position 0 is everything.
STOP SLAVE;
CHANGE MASTER TO
  MASTER_HOST = '@@address:{{primary}}@@',
  MASTER_USER = 'replication',
  MASTER_PASSWORD = '@@secret:replication-password@@',
  MASTER_CONNECT_RETRY = 1,
  MASTER_USE_GTID = slave_pos;
START SLAVE;
