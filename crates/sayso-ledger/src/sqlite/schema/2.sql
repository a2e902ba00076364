-- Of a report's `meta` and `text`; none for reports kept before there were checksums. From now on `sha256` names the capture that was
-- kept, of which a web archive holds many reports.
ALTER TABLE reports ADD COLUMN checksum TEXT;
CREATE INDEX reports_by_source ON reports (case_id, json_extract(meta, '$.source'));

CREATE TRIGGER reports_indexed_again AFTER UPDATE OF text ON reports BEGIN
    INSERT INTO search (search, rowid, text) VALUES ('delete', old.row, old.text);
    INSERT INTO search (rowid, text) VALUES (new.row, new.text);
END;

-- The last line of each journal: a line taken off its end is missed.
CREATE TABLE heads (
    case_id INTEGER PRIMARY KEY REFERENCES cases (id),
    number  INTEGER NOT NULL,
    hash    TEXT NOT NULL
) STRICT;
INSERT INTO heads (case_id, number, hash)
    SELECT case_id, number, hash FROM decisions AS d WHERE number = (SELECT max(number) FROM decisions WHERE case_id = d.case_id);
