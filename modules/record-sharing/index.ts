// The door of the module: other modules, adapters and apps import this file and no other.
export type { Consent as RecordConsent } from './consent.ts'
export type { RecordSharingDependencies } from './dependencies.ts'
export { createRecordSharing, type RecordSharing } from './record-sharing.ts'
export { recordSharingRoutes } from './routes.ts'
