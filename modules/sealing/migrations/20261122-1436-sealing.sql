-- Sealing: the rows of a log, hashed into a tree whose signed head follows the one before it. Added to and never
-- changed: the application's role may select and insert.
create schema sealing;
grant usage on schema sealing to yiqiao_app;

-- Whose logs are sealed: read before a hospital is known, and by whoever checks them all. A small directory.
create table sealing.book (
  book_no  int         not null, -- a hospital's number, or that of a lender's book
  since_at timestamptz not null,
  constraint book_pkey primary key (book_no)
);
select platform.replicate('sealing.book');
grant select, insert on sealing.book to yiqiao_app;

-- A tree head: what was sealed so far, in one hash. Two heads cannot follow the same one: of two sealers one gives way.
create table sealing.head (
  hospital_id         int         not null,
  log                 text        not null check (length(log) between 1 and 30),
  size                bigint      not null check (size > previous_size),
  previous_size       bigint      not null check (previous_size >= 0),
  tree_hash           text        not null check (tree_hash in ('sha256', 'sm3')),
  root                bytea       not null check (octet_length(root) = 32),
  previous_hash       bytea       check (octet_length(previous_hash) = 32), -- of the head before; null for the first
  sealed_at           timestamptz not null,
  newest_item         uuid        not null, -- the largest id sealed so far: where to look for new ones
  key_id              text        not null,
  signature_algorithm text        not null check (signature_algorithm in ('ed25519', 'sm2')),
  public_key          text        not null,
  signature           text        not null,
  constraint head_pkey primary key (hospital_id, log, size),
  constraint head_one_successor unique (hospital_id, log, previous_size),
  constraint head_first_has_none_before check ((previous_size = 0) = (previous_hash is null))
);
select platform.hospital_table('sealing.head', 'select, insert');

-- One sealed row: its place in the tree, and the hash of its canonical bytes.
create table sealing.leaf (
  hospital_id int    not null,
  log         text   not null,
  leaf_index  bigint not null check (leaf_index >= 0),
  item_id     uuid   not null,
  leaf_hash   bytea  not null check (octet_length(leaf_hash) = 32),
  constraint leaf_pkey primary key (hospital_id, log, leaf_index),
  constraint leaf_once unique (hospital_id, log, item_id)
);
select platform.hospital_table('sealing.leaf', 'select, insert');

-- The hashes of complete subtrees of 16, 256, 4096 … leaves, so that a proof reads a few rows of a tree of any size.
create table sealing.node (
  hospital_id int    not null,
  log         text   not null,
  level       int    not null check (level > 0 and level % 4 = 0),
  node_index  bigint not null check (node_index >= 0),
  hash        bytea  not null check (octet_length(hash) = 32),
  constraint node_pkey primary key (hospital_id, log, level, node_index)
);
select platform.hospital_table('sealing.node', 'select, insert');

-- A partner has seen a head, and says so with a key of its own.
create table sealing.countersignature (
  hospital_id    int         not null,
  log            text        not null,
  size           bigint      not null,
  application_id uuid        not null,
  key_id         uuid        not null,
  algorithm      text        not null check (algorithm in ('rsa-sha256', 'sm2-sm3')),
  public_key     text        not null,
  signature      text        not null check (length(signature) between 1 and 1500),
  signed_at      timestamptz not null,
  constraint countersignature_pkey primary key (hospital_id, log, size, application_id, key_id),
  constraint countersignature_head foreign key (hospital_id, log, size)
    references sealing.head (hospital_id, log, size)
);
select platform.hospital_table('sealing.countersignature', 'select, insert');
