-- The new release's schema: all items in one table, money in exact cents, ratings in a table of their own.
-- Indexes that the new release adds are made by steps of their own.

CREATE TABLE categories (
  id INT NOT NULL PRIMARY KEY,
  name VARCHAR(50) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE regions (
  id INT NOT NULL PRIMARY KEY,
  name VARCHAR(40) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  firstname VARCHAR(40) NOT NULL,
  lastname VARCHAR(40) NOT NULL,
  nickname VARCHAR(40) NOT NULL,
  email VARCHAR(100) NOT NULL,
  password CHAR(64) NOT NULL COMMENT 'SHA-256, hexadecimal',
  creation_date DATETIME NOT NULL,
  region INT NOT NULL,
  request_id VARCHAR(40) NULL,
  balance_cents BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY nickname (nickname),
  KEY region (region),
  KEY request_id (request_id),
  CONSTRAINT users_region FOREIGN KEY (region) REFERENCES regions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE user_ratings (
  user_id INT NOT NULL PRIMARY KEY,
  rating INT NOT NULL DEFAULT 0,
  CONSTRAINT user_ratings_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE items (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  description VARCHAR(7168) NOT NULL,
  offered INT NOT NULL COMMENT 'quantity when it was put on sale',
  quantity INT NOT NULL COMMENT 'quantity that is left',
  nb_of_bids INT NOT NULL DEFAULT 0,
  start_date DATETIME NOT NULL,
  end_date DATETIME NOT NULL,
  seller INT NOT NULL,
  category INT NOT NULL,
  request_id VARCHAR(40) NULL,
  closed TINYINT NOT NULL DEFAULT 0,
  initial_price_cents BIGINT NOT NULL,
  reserve_price_cents BIGINT NOT NULL DEFAULT 0,
  buy_now_cents BIGINT NOT NULL DEFAULT 0,
  max_bid_cents BIGINT NOT NULL DEFAULT 0,
  KEY seller (seller),
  KEY request_id (request_id),
  CONSTRAINT items_seller FOREIGN KEY (seller) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE bids (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user INT NOT NULL,
  item INT NOT NULL,
  quantity INT NOT NULL,
  date DATETIME NOT NULL,
  request_id VARCHAR(40) NULL,
  bid_cents BIGINT NOT NULL,
  max_bid_cents BIGINT NOT NULL,
  KEY item (item),
  KEY user (user),
  KEY request_id (request_id),
  CONSTRAINT bids_user FOREIGN KEY (user) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE comments (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  from_user INT NOT NULL,
  to_user INT NOT NULL,
  item INT NOT NULL,
  rating INT NOT NULL,
  date DATETIME NOT NULL,
  comment VARCHAR(2048) NOT NULL,
  request_id VARCHAR(40) NULL,
  KEY from_user (from_user),
  KEY to_user (to_user),
  KEY item (item),
  KEY request_id (request_id),
  CONSTRAINT comments_from_user FOREIGN KEY (from_user) REFERENCES users (id),
  CONSTRAINT comments_to_user FOREIGN KEY (to_user) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE buy_now (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  buyer INT NOT NULL,
  item INT NOT NULL,
  quantity INT NOT NULL,
  date DATETIME NOT NULL,
  request_id VARCHAR(40) NULL,
  KEY buyer (buyer),
  KEY item (item),
  KEY request_id (request_id),
  CONSTRAINT buy_now_buyer FOREIGN KEY (buyer) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE sessions (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  token CHAR(32) NOT NULL,
  user INT NOT NULL,
  created DATETIME NOT NULL,
  expires DATETIME NOT NULL,
  UNIQUE KEY token (token),
  KEY user (user),
  CONSTRAINT sessions_user FOREIGN KEY (user) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One row: how many of each the site began with.
CREATE TABLE ids (
  id INT NOT NULL PRIMARY KEY,
  category INT NOT NULL,
  region INT NOT NULL,
  users INT NOT NULL,
  item INT NOT NULL,
  comment INT NOT NULL,
  bid INT NOT NULL,
  buy_now INT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
