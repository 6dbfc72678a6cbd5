import { readdirSync, readFileSync } from 'node:fs'

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { evaluatedBoth, evaluatorOf } from './testing/both.ts'
import { documents, expressions } from './testing/generated.ts'
import { oddDocuments, oddExpressions } from './testing/oddities.ts'
import { SHIPPED_DOCUMENTS } from './testing/shipped-documents.ts'

const AT_MOST_MS = 20_000

it.each([
  { what: 'at random', expressions, documents, runs: 1_500 },
  {
    what: 'where the language is odd',
    expressions: oddExpressions,
    documents: oddDocuments,
    runs: 4_000,
  },
])(
  'gives what the interpreter gives, for documents and expressions $what',
  ({ expressions, documents, runs }) => {
    const seen = { both: 0, unreadable: 0, left: 0, 'not compiled': 0 }
    let values = 0
    fc.assert(
      fc.property(expressions, documents, (expression, document) => {
        const result = evaluatedBoth(expression, document)
        seen[result.outcome] += 1
        if (result.outcome !== 'both') return
        if (!['failed', 'nothing'].includes(result.compiled)) values += 1
        expect(result.compiled, result.reasons).toBe(result.interpreted)
      }),
      { numRuns: runs, interruptAfterTimeLimit: AT_MOST_MS },
    )
    // Nearly all of it is compiled, and much of it comes to something: else this would say little.
    const done = Object.values(seen).reduce((sum, each) => sum + each, 0)
    expect(seen.both / done).toBeGreaterThan(0.8)
    expect(values / done).toBeGreaterThan(0.15)
  },
  60_000,
)

const FOLDERS = [
  'adapters/channels/declarative/descriptors',
  'adapters/hospitals/declarative/products',
]
const shipped = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') })),
)

it.each(shipped)(
  'gives what the interpreter gives for the expressions of $name',
  ({ text }) => {
    const found = expressionsIn(parse(text))
    expect(found.length).toBeGreaterThan(5)
    let compiled = 0
    for (const expression of found) {
      for (const document of SHIPPED_DOCUMENTS) {
        const result = evaluatedBoth(expression, document)
        if (result.outcome !== 'both') continue
        compiled += 1
        expect(result.compiled, `${expression}: ${result.reasons}`).toBe(result.interpreted)
      }
    }
    expect(compiled).toBeGreaterThan(0.5 * found.length * SHIPPED_DOCUMENTS.length)
  },
  60_000,
)

/** Every text of a descriptor that may be an expression: to the test it matters not whether it is one. */
function expressionsIn(descriptor: unknown): string[] {
  if (typeof descriptor === 'string') {
    const isExpression =
      /[{$(=]|\w\.\w/.test(descriptor) && evaluatorOf(descriptor) !== 'unreadable'
    return isExpression ? [descriptor] : []
  }
  if (typeof descriptor !== 'object' || descriptor === null) return []
  return Object.values(descriptor).flatMap(expressionsIn)
}
