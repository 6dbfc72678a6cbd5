-- The register of people in need as one hospital keeps it: what its own staff entered, the latest first.
create index need_by_hospital on benefits.need (care_hospital_id, id);
