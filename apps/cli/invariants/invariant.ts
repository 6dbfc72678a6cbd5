import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'
import { splitStatements } from '../../../platform/migrate.ts'

/** One thing that must hold of every hospital's rows at every moment, as two reads of the database. */
export type Invariant = {
  id: string // 'I4'
  title: string // 'No lost money 资金不丢'
  /** Of each hospital by itself, or of the database as a whole. */
  scope: 'hospital' | 'database'
  /** Returns a row with a text for everything that breaks it. */
  violations: string
  /** Returns one row of counts and amounts: what was looked at. */
  figures: string
  /** The figures as a sentence: '{moves} moves of {moved_fen}'. */
  figureText: string
}

const FOLDER = join(import.meta.dirname, 'sql')

/** Every invariant that can be checked by SQL, in the order of their numbers. Errors: throws for a file of another form. */
export const readInvariants = (): Invariant[] =>
  readdirSync(FOLDER)
    .map((name) => parseInvariant(name, readFileSync(join(FOLDER, name), 'utf8')))
    .toSorted((a, b) => numberOf(a) - numberOf(b) || (a.id < b.id ? -1 : 1))

/** What is promised and cannot be read out of today's tables: counted as neither kept nor broken. */
export const NOT_YET = [
  { id: 'I6', title: 'Slot bound 号源不超卖', why: 'there are no slots to book yet' },
  { id: 'I14', title: 'Audit chain 审计链', why: 'the trail is append-only, and not chained yet' },
] as const

/**
 * Reads a file: a comment that gives number and title, what a violation is, and the figure's sentence; then
 * the statement of the violations and the statement of the figures.
 */
export function parseInvariant(name: string, text: string): Invariant {
  const header = text.slice(0, text.search(/^(?!--)/m)).replaceAll(/^-- ?/gm, '')
  const [, id, title] = /^(I\d+[a-z]?) (.+)$/m.exec(header) ?? []
  const [, figureText] = /^Figure: (.+)$/m.exec(header) ?? []
  const [violations, figures, ...others] = splitStatements(text).map((statement) =>
    statement
      .replaceAll(/^\s*--.*$/gm, '')
      .replace(/;\s*$/, '')
      .trim(),
  )
  assert(id && title, `${name} begins with its number and title`)
  assert(
    /^Violation: /m.test(header) && figureText,
    `${name} says what a violation and its figure is`,
  )
  assert(violations && figures && others.length === 0, `${name} has two statements`)
  const scope = /^Scope: database$/m.test(header) ? 'database' : 'hospital'
  return { id, title, scope, violations, figures, figureText }
}

export const numberOf = ({ id }: { id: string }): number => Number.parseInt(id.slice(1), 10)
