// The door of the embedded PostgreSQL: the rest of the project imports this file and no other.
export { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
export { startTestPostgres } from './test-server.ts'
