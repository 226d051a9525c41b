CREATE TABLE sales (id INTEGER PRIMARY KEY, region TEXT, product TEXT, amount REAL, sold_on TEXT, customer_id INTEGER);
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT, email TEXT, phone TEXT);
CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT, department TEXT, title TEXT, salary INTEGER);
CREATE TABLE leave_requests (id INTEGER PRIMARY KEY, employee TEXT, first_day TEXT, last_day TEXT);
