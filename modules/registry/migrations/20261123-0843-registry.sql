-- Registry: hospitals, pharmacies and agencies that the medical insurance of regions has designated, as lists of the
-- insurance centres and lists that regions publish name them.
create schema registry;
grant usage on schema registry to yiqiao_app;

-- One list of a region, whole, of one kind. The next one takes its place.
create table registry.edition (
  region            text        not null check (region ~ '^\d{6}$'),
  kind              text        not null check (kind in ('hospital', 'pharmacy', 'agency')),
  seq               int         not null check (seq > 0),
  source            text        not null check (source in ('centre', 'list')),
  as_of             timestamptz not null,
  institution_count int         not null check (institution_count > 0),
  loaded_at         timestamptz not null,
  is_latest         boolean     not null,
  constraint edition_pkey primary key (region, kind, seq)
);
select platform.replicate('registry.edition');
create unique index edition_latest_once on registry.edition (region, kind) where is_latest;
grant select, insert, update (is_latest) on registry.edition to yiqiao_app;

-- Metres are the same in every direction on Mercator's map, so that the nearest on it are the nearest: two places that
-- are as far away may stand in another order by one part in a hundred at most within a hundred kilometres.
create function registry.spot(latitude float8, longitude float8) returns point
  language sql immutable strict parallel safe
  return point(longitude, degrees(ln(tan(pi() / 4 + radians(latitude) / 2))));

-- An institution as it stood from one edition until another: what does not change is kept once, what is gone is kept.
create table registry.institution (
  region       text   collate "C" not null,
  kind         text   collate "C" not null,
  code         text   collate "C" not null check (length(code) between 1 and 30),
  since_seq    int    not null,
  until_seq    int,   -- the first edition it is not in, or is otherwise in
  name         text   not null check (length(name) between 1 and 200),
  folded       text   not null, -- the name as it is compared
  initials     text   not null, -- of its pinyin
  area         text   collate "C" not null check (area ~ '^\d{6}$'), -- GB/T 2260, where it stands
  level        text   check (length(level) between 1 and 6),
  address      text   check (length(address) between 1 and 300),
  phone        text   check (length(phone) between 1 and 40),
  latitude     float8 check (latitude between -85 and 85),
  longitude    float8 check (longitude between -180 and 180),
  settles      text[] not null, -- what it settles directly for people insured elsewhere
  valid_from   date,
  valid_to     date,  -- the last day
  content_hash text   not null,
  marks        text[] not null, -- what it is found by: pieces of its name and initials, and what it settles
  constraint institution_pkey primary key (region, kind, code, since_seq),
  constraint institution_ends_later check (until_seq > since_seq),
  constraint institution_place check ((latitude is null) = (longitude is null)),
  constraint institution_days check (valid_to >= valid_from)
);
select platform.replicate('registry.institution');
create unique index institution_open_once on registry.institution (region, kind, code) where until_seq is null;
create index institution_by_code on registry.institution (code, since_seq);
create index institution_by_area on registry.institution (area, code, region, kind) where until_seq is null;
create index institution_by_kind on registry.institution (kind, area, code, region) where until_seq is null;
create index institution_by_mark on registry.institution using gin (marks) where until_seq is null;
create index hospital_by_spot on registry.institution using gist (registry.spot(latitude, longitude))
  where until_seq is null and kind = 'hospital';
create index pharmacy_by_spot on registry.institution using gist (registry.spot(latitude, longitude))
  where until_seq is null and kind = 'pharmacy';
create index institution_by_spot on registry.institution using gist (registry.spot(latitude, longitude))
  where until_seq is null;
grant select, insert, update (until_seq) on registry.institution to yiqiao_app;
