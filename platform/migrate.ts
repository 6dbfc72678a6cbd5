import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { type Migration, Migrator, sql } from 'kysely'

import { type Db, openDb } from './db.ts'

const ROOT = join(import.meta.dirname, '..')

/**
 * Brings a database up to date: every migration of the platform and
 * the modules that has not run, by name. Returns the names that ran. Safe to call at every start.
 */
export async function migrate(url: string): Promise<string[]> {
  const db = openDb({ url, maxConnections: 2 })
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => readMigrations(ROOT) },
      allowUnorderedMigrations: true, // branches merge in any order; no module needs another's tables
    })
    const { error, results = [] } = await migrator.migrateToLatest()
    if (error) throw error
    return results.map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

async function readMigrations(root: string): Promise<Record<string, Migration>> {
  const modules = await readdir(join(root, 'modules'))
  const folders = ['platform', ...modules.map((name) => `modules/${name}`)]
  const files = await Promise.all(
    folders.map((folder) => sqlFilesIn(join(root, folder, 'migrations'))),
  )
  return Object.fromEntries(files.flat().map((path) => [basename(path, '.sql'), toMigration(path)]))
}

async function sqlFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.sql')).map((name) => join(folder, name))
}

const toMigration = (path: string): Migration => ({
  // One statement a call: a distributed server refuses several in one.
  async up(db: Db) {
    for (const statement of splitStatements(await readFile(path, 'utf8'))) {
      await sql.raw(statement).execute(db)
    }
  },
})

/** Cuts a file at the semicolons that end a line, but for those inside a $$ body. */
export function splitStatements(text: string): string[] {
  const statements: string[] = []
  let current = ''
  let inBody = false
  for (const line of text.split('\n')) {
    // What stands in quotes or in a comment ends nothing.
    const code = line.replaceAll(/'[^']*'/g, "''").replace(/--.*$/, '')
    if ((code.split('$$').length - 1) % 2 === 1) inBody = !inBody
    current += `${line}\n`
    if (!inBody && /;\s*$/.test(code)) {
      statements.push(current.trim())
      current = ''
    }
  }
  return [...statements, current.trim()].filter(
    (s) => s.replaceAll(/^\s*--.*$/gm, '').trim() !== '',
  )
}
