-- What a region's centre has told of its catalogue (13xx), list by list, as far as it has been read: from these rows a version
-- of the catalogue is made. Read once for a region, by whichever of its hospitals comes first.
create table insurance.catalogue_reading (
  region       text        not null check (region ~ '^\d{6}$'),
  cursors      jsonb       not null, -- by list: the greatest version read, or the next page and the day pages are counted from
  is_changed   boolean     not null, -- something was read that no version has yet
  due_at       timestamptz not null,
  lease_no     int         not null check (lease_no >= 0),
  leased_until timestamptz,
  constraint catalogue_reading_pkey primary key (region)
);
select platform.replicate('insurance.catalogue_reading');
grant select, insert, update on insurance.catalogue_reading to yiqiao_app;

create table insurance.catalogue_row (
  region  text  not null,
  list    text  not null check (list in ('1301', '1302', '1305', '1306', 'items', 'price_limits', 'first_shares')),
  code    text  not null check (length(code) between 1 and 50),
  part    text  not null, -- tells rows of one code apart: the kind of limit, the kind of person
  content jsonb not null,
  constraint catalogue_row_pkey primary key (region, list, code, part)
);
select platform.replicate('insurance.catalogue_row');
grant select, insert, update on insurance.catalogue_row to yiqiao_app;
