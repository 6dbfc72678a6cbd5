// The door of the module: other modules, adapters and apps import this file and no other.
export { createAuthenticate } from './authenticate.ts'
export { createIdentity, type DemoPersona, type Identity } from './identity.ts'
export type { PersonHospital } from './patient-numbers.ts'
export type { InsuredPerson, MediumView, PersonView, Viewer } from './people.ts'
export type { Gender, MediumKind, NewMedium, NewPerson, PersonId } from './person.ts'
export { identityRoutes } from './routes.ts'
export type { NewStaff, StaffView } from './staff.ts'
export type { StaffId } from './tables.ts'
