"""Runs statements on SQLite under an authorizer that lets them do what was said of them and nothing else.

Standard input: one JSON object with `schema`, `rows` (SQL) and `cases`, each with `text` (as an agent wrote it), `sent` (what is sent instead)
and `may`: lists of action, table and columns. Standard output: a JSON list of what is wrong, empty if nothing is. `text` runs on the tables of
the schema; `sent` on tables with one column more each, under the authorizer. Both must give the same rows and leave the same rows behind.
With `narrowed`, SQL that leaves in the tables of the schema only what an agent may see of them, `text` runs on what is left, and the rows are
compared alone, in whatever order where the text asks for none.
"""
import json
import sqlite3
import sys

OK, DENY = sqlite3.SQLITE_OK, sqlite3.SQLITE_DENY
# https://www.sqlite.org/c3ref/c_alter_table.html
DELETE, INSERT, READ, SELECT, UPDATE, FUNCTION, RECURSIVE = 9, 18, 20, 21, 23, 31, 33


class Database:
    def __init__(self, schema, rows, wide):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript(schema + rows)
        self.known = {
            name: [column[1] for column in self.connection.execute(f'PRAGMA table_xinfo("{name}")')]
            for (name,) in self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        }
        self.hidden = [f"of_{name}" for name in self.known if wide]
        for name in self.known if wide else ():
            self.connection.execute(f"ALTER TABLE \"{name}\" ADD COLUMN of_{name} TEXT DEFAULT 'secret'")
        views = self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()
        self.names = {name.lower() for name in self.known} | {name.lower() for (name,) in views}

    def run(self, sql, may):
        """Rows, what the tables hold then, and what their unknown columns hold; nothing stays."""
        refused = []
        self.connection.execute("BEGIN")
        try:
            if may is not None:
                self.connection.set_authorizer(lambda *call: self.answer(may, refused, *call[:3]))
            try:
                cursor = self.connection.execute(sql)
                rows = cursor.fetchall()
                names = [column[0] for column in cursor.description or ()]
            except sqlite3.Error as e:
                raise ValueError(f"{e} {refused}") from e
            finally:
                self.connection.set_authorizer(lambda *call: OK)
            left = {name: self.all(name, columns) for name, columns in self.known.items()}
            secret = {row[0] for one in self.hidden for row in self.all(one[3:], [one])}
            return names, rows, left, secret - {"secret"}
        finally:
            self.connection.execute("ROLLBACK")

    def all(self, table, columns):
        names = ", ".join(f'"{column}"' for column in columns)
        return self.connection.execute(f'SELECT {names} FROM "{table}" ORDER BY rowid').fetchall()

    def answer(self, may, refused, action, first, second):
        table, column = str(first).lower(), str(second).lower()
        allowed = (
            action in (SELECT, RECURSIVE)
            or (action == FUNCTION and column != "load_extension")
            # Of a query in FROM it is told, too, that its rows are counted.
            or (action == READ and (column in may["query"].get(table, ()) or (column == "" and self.countable(may, table))))
            or (action == INSERT and table in may["create"])
            or (action == UPDATE and column in may["update"].get(table, ()))
            or (action == DELETE and table in may["delete"])
        )
        if not allowed:
            refused.append([action, first, second])
        return OK if allowed else DENY

    def countable(self, may, table):
        return table in may["query"] or table not in self.names


def said(accesses):
    may = {"query": {}, "create": {}, "update": {}, "delete": {}}
    for action, table, columns in accesses:
        may[action].setdefault(table, set()).update(columns)
    return may


def answer(database, sql, may, text):
    """How many columns, and the rows, in whatever order where none is asked for; or what the engine says. A column without a name is called by its text."""
    try:
        names, rows, _, _ = database.run(sql, may)
        return len(names), rows if "order by" in text.lower() else sorted(rows, key=repr)
    except ValueError as e:
        return str(e)


def main():
    given = json.load(sys.stdin)
    exact = Database(given["schema"], given["rows"], False)
    exact.connection.executescript(given.get("narrowed", ""))
    wide = Database(given["schema"], given["rows"], True)
    wrong = []
    for case in given["cases"]:
        try:
            text, sent, may = case["text"], case["sent"], said(case["may"])
            narrowed = "narrowed" in given
            meant = answer(exact, text, None, text) if narrowed else exact.run(text, None)
            found = answer(wide, sent, may, text) if narrowed else wide.run(sent, may)
            if meant != found:
                wrong.append(f"{text}\n  sent {sent}\n  gives {found} instead of {meant}")
        except ValueError as e:
            wrong.append(f"{case['text']}\n  sent {case['sent']}\n  {e}")
    json.dump(wrong, sys.stdout)


main()
