-- What this server logged itself, or has of its former primary, is where it goes on.
STOP SLAVE;
CHANGE MASTER TO
  MASTER_HOST = '@@address:{{primary}}@@',
  MASTER_USER = 'replication',
  MASTER_PASSWORD = '@@secret:replication-password@@',
  MASTER_CONNECT_RETRY = 1,
  {{#former}}MASTER_DEMOTE_TO_SLAVE = 1, {{/former}}MASTER_USE_GTID = slave_pos;
START SLAVE;
