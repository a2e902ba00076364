-- The words of what was said, statement by statement, of the newest reading of each report: `rowid` is the report's row times 2^20
-- plus the statement's number, `start` the first byte of the words. Made from `readings`, and made again with them.
CREATE VIRTUAL TABLE said USING fts5 (words, start UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
