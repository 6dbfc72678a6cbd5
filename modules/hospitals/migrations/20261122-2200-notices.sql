-- What hospitals' systems told of their own accord. A number is heard once; `content_digest` tells whether it came again
-- with the same content. `about` names things of the hospital, and nobody.
create table hospitals.notice (
  hospital_id    int         not null,
  notice_no      text        not null check (length(notice_no) between 1 and 40),
  kind           text        not null,
  said_at        timestamptz not null,
  about          jsonb       not null,
  content_digest text        not null,
  received_at    timestamptz not null,
  constraint notice_pkey primary key (hospital_id, notice_no)
);
select platform.hospital_table('hospitals.notice', 'select, insert, delete');
create index notice_by_time on hospitals.notice (hospital_id, received_at desc, notice_no desc);
