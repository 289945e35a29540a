-- Run once, by the image of PostgreSQL when it makes its data folder: the bot's user, who owns the bot's database only.
\set password `cat /run/secrets/database_password`
CREATE USER amazon_token PASSWORD :'password';
CREATE DATABASE amazon_token OWNER amazon_token;
REVOKE ALL ON DATABASE amazon_token FROM PUBLIC;
