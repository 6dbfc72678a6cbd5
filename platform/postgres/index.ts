// The door of the embedded PostgreSQL: the rest of the project imports this file and no other.
export { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
export { EmbeddedPostgresError } from './error.ts'
export { startTestPostgres } from './test-server.ts'
