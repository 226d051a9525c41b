-- As the operator wrote it down. The database of the test has one column more in each table and view.
CREATE TABLE customers (id INT, name VARCHAR(100), email VARCHAR(100), phone VARCHAR(100), country VARCHAR(100));
CREATE TABLE sales (id INT, customer_id INT, amount DECIMAL(10, 2), region VARCHAR(100));
CREATE TABLE leads (id INT, email VARCHAR(100), note VARCHAR(100));
CREATE TABLE `Orders` (id INT, `placedBy` VARCHAR(100), `order` VARCHAR(100));
CREATE TABLE codes (code VARCHAR(100));
CREATE TABLE people (id INT, email VARCHAR(100), mailbox VARCHAR(100) GENERATED ALWAYS AS (lower(email)) STORED);
CREATE TABLE stock (id INT PRIMARY KEY, name VARCHAR(100), amount DECIMAL(10, 2), tags VARCHAR(100), doc JSON);
CREATE VIEW clients AS SELECT id, name, country FROM customers WHERE email IS NOT NULL;
CREATE VIEW buyers (who, spent) AS
    SELECT c.name, SUM(s.amount) FROM clients c JOIN sales s ON s.customer_id = c.id GROUP BY c.name;
