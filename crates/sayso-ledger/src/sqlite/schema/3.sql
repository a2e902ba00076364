-- Who may log in to the workbench. `hash` is an argon2 hash in PHC form; the password is nowhere.
CREATE TABLE users (
    name  TEXT PRIMARY KEY,
    role  TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'owner')),
    hash  TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
