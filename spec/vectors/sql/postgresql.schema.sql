-- As the operator wrote it down. The database of the test has one column more in each table and view.
CREATE TABLE customers (id INT, name TEXT, email TEXT, phone TEXT, country TEXT);
CREATE TABLE sales (id INT, customer_id INT, amount NUMERIC, region TEXT);
CREATE TABLE leads (id INT, email TEXT, note TEXT);
CREATE TABLE "Orders" (id INT, "placedBy" TEXT, "order" TEXT);
CREATE TABLE codes (code TEXT);
CREATE TABLE people (id INT, email TEXT, mailbox TEXT GENERATED ALWAYS AS (lower(email)) STORED);
CREATE TABLE stock (id INT PRIMARY KEY, name TEXT, amount NUMERIC, tags TEXT[], doc JSONB);
CREATE VIEW clients AS SELECT id, name, country FROM customers WHERE email IS NOT NULL;
CREATE VIEW buyers (who, spent) AS
    SELECT c.name, SUM(s.amount) FROM clients c JOIN sales s ON s.customer_id = c.id GROUP BY c.name;
