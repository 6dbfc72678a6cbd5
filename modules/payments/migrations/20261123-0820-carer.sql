-- Who began a payment for a member of the family; null: the patient, or an application for them.
alter table payments.payment add column carer_id uuid;
