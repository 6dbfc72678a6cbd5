-- 医生: sees records of people they treat, and no money.
alter table identity.staff drop constraint staff_roles_check;
alter table identity.staff add constraint staff_roles_known
  check (roles <@ array['finance', 'cashier', 'it', 'auditor', 'doctor']);
