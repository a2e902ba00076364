-- Of where and when a capture came from; none for those kept before there were checksums.
ALTER TABLE captures ADD COLUMN checksum TEXT;

-- Lists of all that a case rests on, with an authority's answer on the hash of each; empty while none has come.
CREATE TABLE stamps (
    row     INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    list    TEXT NOT NULL,
    answer  BLOB NOT NULL
) STRICT;
CREATE INDEX stamps_by_case ON stamps (case_id);

-- How many readings a case has seen: it grows with every change, even where readings go.
ALTER TABLE cases ADD COLUMN readings INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET readings = (SELECT count(*) FROM readings JOIN reports ON reports.row = report WHERE case_id = cases.id);
