-- Reads every row of the tables that most requests need, through the buffer pool. The values are of no interest.
DO (SELECT SUM(LENGTH(name) + LENGTH(description)) FROM {{database}}.items FORCE INDEX (PRIMARY));
DO (SELECT SUM(quantity) FROM {{database}}.bids FORCE INDEX (PRIMARY));
DO (SELECT SUM(LENGTH(nickname)) FROM {{database}}.users FORCE INDEX (PRIMARY));
DO (SELECT SUM(LENGTH(comment)) FROM {{database}}.comments FORCE INDEX (PRIMARY));
