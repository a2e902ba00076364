-- Words that come from outside (names, sources, ids, texts) are kept as bytes: any character, sorted the same everywhere. They may be
-- longer than an index holds, so what is looked up is their hash.

CREATE TABLE blobs (
    sha256 text COLLATE "C" PRIMARY KEY,
    bytes  bytea NOT NULL
);

CREATE TABLE captures (
    row     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256  text COLLATE "C" NOT NULL,
    source  bytea NOT NULL,
    fetched text COLLATE "C",
    headers bytea
);
CREATE UNIQUE INDEX captures_once ON captures (sha256, sha256(source));
CREATE INDEX captures_by_source ON captures (sha256(source));

-- Whoever writes into a case holds its row meanwhile. `readings` is how many it has.
CREATE TABLE cases (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name     bytea NOT NULL,
    readings bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX cases_once ON cases (sha256(name));

-- One report of a capture in a case; `meta` is what is known about it, as JSON without its text, of which `source`, `outlet` and `url` are
-- there to look it up; `words` are those of its text, as `search` finds them.
CREATE TABLE reports (
    row      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id  bigint NOT NULL REFERENCES cases (id),
    id       bytea NOT NULL,
    sha256   text COLLATE "C" NOT NULL REFERENCES blobs (sha256),
    meta     text NOT NULL,
    text     bytea NOT NULL,
    checksum text,
    source   bytea NOT NULL,
    outlet   bytea,
    url      bytea,
    words    tsvector NOT NULL
);
CREATE UNIQUE INDEX reports_once ON reports (case_id, sha256(id));
CREATE INDEX reports_by_source ON reports (case_id, sha256(source));
CREATE INDEX reports_by_capture ON reports (sha256);
CREATE INDEX reports_by_words ON reports USING gin (words);

-- What one version of the reader found; the newest row counts.
CREATE TABLE readings (
    row     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report  bigint NOT NULL REFERENCES reports (row),
    reader  text COLLATE "C" NOT NULL,
    reading text NOT NULL,
    sha256  text NOT NULL,
    UNIQUE (report, reader)
);
CREATE INDEX readings_newest ON readings (report, row);

-- The words of what was said, statement by statement, of the newest reading of each report; `start` is the first byte of the words.
CREATE TABLE said (
    report bigint NOT NULL REFERENCES reports (row),
    start  bigint NOT NULL,
    words  tsvector NOT NULL,
    PRIMARY KEY (report, start)
);
CREATE INDEX said_by_words ON said USING gin (words);

-- Captures whose reports are all in a case, so that an interrupted run resumes.
CREATE TABLE finished (
    case_id bigint NOT NULL REFERENCES cases (id),
    sha256  text COLLATE "C" NOT NULL,
    source  bytea NOT NULL,
    reader  text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX finished_once ON finished (case_id, sha256, sha256(source), reader);

-- Append-only: `before` is the hash of the line before, `hash` that of this line with it.
CREATE TABLE decisions (
    case_id bigint NOT NULL REFERENCES cases (id),
    number  bigint NOT NULL,
    line    text NOT NULL,
    before  text NOT NULL,
    hash    text NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE FUNCTION decisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION decisions_stay();

-- The last line of each journal: a line taken off its end is missed.
CREATE TABLE heads (
    case_id bigint PRIMARY KEY REFERENCES cases (id),
    number  bigint NOT NULL,
    hash    text NOT NULL
);

-- Who may log in to the workbench. `hash` is an argon2 hash in PHC form; the password is nowhere.
CREATE TABLE users (
    name  bytea PRIMARY KEY,
    role  text NOT NULL CHECK (role IN ('reader', 'reviewer', 'owner')),
    hash  text NOT NULL,
    since text NOT NULL
);
