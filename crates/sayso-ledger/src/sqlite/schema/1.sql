CREATE TABLE captures (
    sha256  TEXT NOT NULL,
    source  TEXT NOT NULL,
    fetched TEXT,
    headers TEXT,
    PRIMARY KEY (sha256, source)
) STRICT;

CREATE TABLE blobs (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE cases (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One report of a capture in a case; `meta` is what is known about it, as JSON without its text.
CREATE TABLE reports (
    row     INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    id      TEXT NOT NULL,
    sha256  TEXT NOT NULL REFERENCES blobs (sha256),
    meta    TEXT NOT NULL,
    text    TEXT NOT NULL,
    UNIQUE (case_id, id)
) STRICT;

-- What one version of the reader found; the newest row counts.
CREATE TABLE readings (
    row     INTEGER PRIMARY KEY,
    report  INTEGER NOT NULL REFERENCES reports (row),
    reader  TEXT NOT NULL,
    reading TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    UNIQUE (report, reader)
) STRICT;

-- Captures whose reports are all in a case, so that an interrupted run resumes.
CREATE TABLE finished (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    sha256  TEXT NOT NULL,
    source  TEXT NOT NULL,
    reader  TEXT NOT NULL,
    PRIMARY KEY (case_id, sha256, source, reader)
) STRICT;

-- Append-only: `before` is the hash of the line before, `hash` that of this line with it.
CREATE TABLE decisions (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    number  INTEGER NOT NULL,
    line    TEXT NOT NULL,
    before  TEXT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (case_id, number)
) STRICT;

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER decisions_remain BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE VIRTUAL TABLE search USING fts5 (text, content = 'reports', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER reports_indexed AFTER INSERT ON reports BEGIN
    INSERT INTO search (rowid, text) VALUES (new.row, new.text);
END;
