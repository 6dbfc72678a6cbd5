-- Who it is that a hospital tells of by its own number.
create index person_hospital_by_number on identity.person_hospital (hospital_id, patient_no);
