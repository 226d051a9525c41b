-- As the operator wrote it down. The database of the test has one column more in each table and view.
CREATE TABLE customers (id INTEGER, name TEXT, email TEXT, phone TEXT, country TEXT);
CREATE TABLE sales (id INTEGER, customer_id INTEGER, amount NUMERIC, region TEXT);
CREATE TABLE leads (id INTEGER, email TEXT, note TEXT);
CREATE TABLE "Orders" (id INTEGER, "placedBy" TEXT, "order" TEXT);
CREATE TABLE codes (code TEXT);
CREATE TABLE people (id INTEGER, email TEXT, mailbox TEXT GENERATED ALWAYS AS (lower(email)) VIRTUAL);
CREATE TABLE stock (id INTEGER PRIMARY KEY, name TEXT, amount NUMERIC, tags TEXT, doc TEXT);
CREATE VIEW clients AS SELECT id, name, country FROM customers WHERE email IS NOT NULL;
CREATE VIEW buyers (who, spent) AS
    SELECT c.name, SUM(s.amount) FROM clients c JOIN sales s ON s.customer_id = c.id GROUP BY c.name;
