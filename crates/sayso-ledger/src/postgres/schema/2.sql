-- Of where and when a capture came from; none for those kept before there were checksums.
ALTER TABLE captures ADD COLUMN checksum text;

-- Lists of all that a case rests on, with an authority's answer on the hash of each; empty while none has come.
CREATE TABLE stamps (
    row     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases (id),
    list    bytea NOT NULL,
    answer  bytea NOT NULL
);
CREATE INDEX stamps_by_case ON stamps (case_id);
