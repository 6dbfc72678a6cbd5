// The door of the module: other modules, adapters and apps import this file and no other.
export { createRequireStepUp, type RequireStepUp, createAuthenticate } from './authenticate.ts'
export type { Identification, Newborn, Unidentified } from './arrivals.ts'
export { identityErrors } from './errors.ts'
export type { PersonFacts } from './facts.ts'
export { checkDigitOf, readIdNumber } from './id-number.ts'
export { createIdentity, type DemoPersona, type Identity } from './identity.ts'
export { mediaRoutes } from './media-routes.ts'
export type { Desk } from './media.ts'
export type { MediumHistory, MediumView, ResolvedMedium } from './media-look-up.ts'
export type { PersonHospital } from './patient-numbers.ts'
export type { InsuredPerson, PersonView, Viewer } from './people.ts'
export type {
  Gender,
  IdKind,
  MediumKind,
  NewMedium,
  NewPerson,
  PersonId,
  Standing,
} from './person.ts'
export type { RealNameAnswer, RealNameRegister, RealNameStanding } from './real-names.ts'
export { identityRoutes } from './routes.ts'
export { sealedIdentity } from './sealed.ts'
export type { NewStaff, StaffView } from './staff.ts'
export type { StaffId } from './tables.ts'
