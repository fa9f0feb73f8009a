pragma user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE matches (
    id text primary key,
    time real not null,
    client text not null,
    need text not null,
    need_text text,
    root text not null,
    left_out text
) without rowid;
INSERT INTO "matches" VALUES('d9e7c68f636d',1.79524365426540446284e+09,'ea3b8fef1c011c5b6ce6f4709fdaf2ca','87b3130ace8525454d2ea757c6d299a3','when does the next ferry leave','d9e7c68f636d',NULL);
CREATE TABLE outcomes (
    match text not null references matches,
    slug text not null,
    capability text not null,
    intent text not null,
    time real not null,
    verdict text,
    primary key (match, slug, capability)
) without rowid;
INSERT INTO "outcomes" VALUES('d9e7c68f636d','quay-clock','read-ferry-times','when does the next ferry leave',1.7952436550075409412e+09,'success');
CREATE TABLE salt (salt blob not null);
INSERT INTO "salt" VALUES(X'E287329821E41FD20982A1ED973ED0C83EC11FF1D29C70E4D7CA7BCAC210B9D5');
CREATE TABLE shown (
    match text not null references matches,
    place integer not null,
    slug text not null,
    capability text not null,
    intent text not null,
    primary key (match, place)
) without rowid;
INSERT INTO "shown" VALUES('d9e7c68f636d',1,'quay-clock','read-ferry-times','when does the next ferry leave');
INSERT INTO "shown" VALUES('d9e7c68f636d',2,'berth-notes','train-readers-of-boards','when does the next ferry leave');
CREATE INDEX matches_by_client on matches (client, time);
CREATE INDEX matches_with_text on matches (id) where need_text is not null;
CREATE INDEX shown_by_capability on shown (slug, capability);
CREATE INDEX outcomes_by_capability on outcomes (slug, capability);
COMMIT;
