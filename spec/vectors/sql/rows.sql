INSERT INTO customers (id, name, email, phone, country) VALUES
    (1, 'Ana', 'a', '1', 'DE'), (2, 'Bo', 'a@example.com', NULL, 'DE'), (3, 'it''s', NULL, '3', 'FR');
INSERT INTO sales (id, customer_id, amount, region) VALUES (1, 1, 2.5, 'n'), (2, 2, 20, 's'), (3, 1, 9, NULL);
INSERT INTO leads (id, email, note) VALUES (1, 'a', 'x'), (9, 'z', 'y');
INSERT INTO codes (code) VALUES ('a'), ('Ana');
INSERT INTO people (id, email) VALUES (1, 'A@x'), (2, NULL);
INSERT INTO "Orders" (id, "placedBy", "order") VALUES (1, 'Ana', 'first');
INSERT INTO stock (id, name, amount, tags, doc) VALUES
    (1, 'bolt', 5, '{red,blue}', '{"a": {"b": 1}, "n": "7", "l": [1, 2]}'), (2, 'nut', 0, NULL, '{"n": "8"}'), (3, 'Ana', 3, '{red}', NULL);
