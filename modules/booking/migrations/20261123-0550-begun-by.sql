-- An application sees the appointments that it began, and no others.
create index appointment_begun_by_application on booking.appointment (hospital_id, created_by, person_id, id desc)
  where created_by like 'application:%';
