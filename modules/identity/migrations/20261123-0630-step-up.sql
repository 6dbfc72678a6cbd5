-- When whoever has a session last proved who they are: at sign-in, and again before an act that asks for it.
alter table identity.session add column proven_at timestamptz;

-- By whose it is the password is found that proves it.
create index credential_by_person on identity.credential (person_id) where person_id is not null;
create index credential_by_staff on identity.credential (staff_id) where staff_id is not null;
