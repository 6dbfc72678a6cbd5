-- Billing: what each hospital says a person owes, as the hub last read it. The hospital's system has the last word; this
-- copy serves lists when that system is slow, and says how old it is.
create schema billing;
grant usage on schema billing to yiqiao_app;

create table billing.bill (
  hospital_id int         not null,
  bill_no     text        not null,
  version     int         not null check (version >= 1),
  person_id   uuid        not null,
  visit_no    text        not null,
  title       text        not null,
  total_fen   bigint      not null check (total_fen > 0),
  status      text        not null check (status in ('open', 'paid', 'void', 'part_refunded', 'refunded')),
  payable     jsonb       not null,
  payment_id  uuid,       -- the payment that settled it, once one has
  read_at     timestamptz not null,
  constraint bill_pkey primary key (hospital_id, bill_no)
);
create index bill_by_person on billing.bill (hospital_id, person_id, status, bill_no);
select platform.hospital_table('billing.bill', 'select, insert, update');
