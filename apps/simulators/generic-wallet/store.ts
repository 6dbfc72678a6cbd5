import { type Books, openBooks } from '../kit/books.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'

export type Store = Books

/** Opens the file, or makes it; ':memory:' keeps nothing. Throws for a file of another version. */
export const openStore = (databaseFile: string): Store =>
  openBooks(databaseFile, { version: SCHEMA_VERSION, sql: SCHEMA })
