-- Media with a life: bound, lost, replaced, or good for minutes; people whose identity number is not known yet; checks
-- of the real name; and links, by which two records of one person are read together.
alter table identity.person alter column id_card_sealed drop not null;
alter table identity.person alter column id_card_index drop not null;
alter table identity.person add column id_kind text not null default 'id_card'
  constraint person_id_kind check (id_kind in ('id_card', 'passport', 'hk_macao_permit',
    'taiwan_permit', 'foreign_residence'));
alter table identity.person add column address_sealed text;
alter table identity.person add column standing text not null default 'identified'
  constraint person_standing check (standing in ('identified', 'newborn', 'unidentified'));
alter table identity.person add constraint person_number check
  ((id_card_sealed is null) = (id_card_index is null) and
   (standing <> 'identified' or id_card_sealed is not null));

alter table identity.medium drop constraint medium_kind_check;
alter table identity.medium add constraint medium_kind check (kind in ('id_card', 'passport',
  'hk_macao_permit', 'taiwan_permit', 'foreign_residence', 'social_card', 'insurance_voucher',
  'health_code', 'health_code_dynamic', 'hospital_card', 'bank_card', 'face_token',
  'wechat_openid', 'alipay_openid', 'newborn', 'emergency'));
alter table identity.medium drop constraint medium_status_check;
alter table identity.medium add constraint medium_status
  check (status in ('active', 'ended', 'lost', 'replaced'));
alter table identity.medium drop constraint medium_of_hospital;
alter table identity.medium add constraint medium_of_hospital
  check ((kind in ('hospital_card', 'emergency')) = (hospital_id is not null));

-- A lost or replaced medium stays its holder's: it finds nobody, and nobody else may bind it.
alter table identity.medium_directory add column status text not null default 'active'
  constraint medium_directory_status check (status in ('active', 'lost', 'replaced'));
alter table identity.medium_directory add column valid_until timestamptz;
grant update on identity.medium_directory to yiqiao_app;

-- What happened to a medium, in order; never changed.
create table identity.medium_event (
  person_id   uuid        not null,
  id          uuid        not null,
  medium_id   uuid        not null,
  event       text        not null check (event in ('bound', 'ended', 'lost', 'replaced')),
  hospital_id int         not null, -- at whose desk, or in whose application
  actor       text        not null,
  reason      text        not null,
  at          timestamptz not null,
  constraint medium_event_pkey primary key (person_id, id)
);
select platform.distribute('identity.medium_event', 'person_id');
grant select, insert on identity.medium_event to yiqiao_app;

-- What a register of real names said of a name and number, each time it was asked; never changed.
create table identity.real_name_check (
  person_id  uuid        not null,
  id         uuid        not null,
  register   text        not null,
  outcome    text        not null check (outcome in ('match', 'mismatch', 'unknown')),
  reference  text,       -- the register's own number for its answer
  checked_at timestamptz not null,
  constraint real_name_check_pkey primary key (person_id, id)
);
select platform.distribute('identity.real_name_check', 'person_id');
grant select, insert on identity.real_name_check to yiqiao_app;

-- Which record is read together with which. Rows keep the person they were written with; the current person of a record
-- is its root. A forest: a record has one parent, and the end of a link gives every record back what was its own.
create table identity.person_link (
  person_id uuid        not null,
  parent_id uuid        not null,
  root_id   uuid        not null, -- where the parents end, kept so that one look-up finds it
  act_id    uuid        not null, -- what was decided, in the index of persons
  linked_at timestamptz not null,
  constraint person_link_pkey primary key (person_id),
  constraint person_link_to_others check (person_id <> parent_id and person_id <> root_id)
);
create index person_link_by_root on identity.person_link (root_id);
select platform.replicate('identity.person_link');
grant select, insert, update, delete on identity.person_link to yiqiao_app;
