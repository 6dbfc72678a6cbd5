import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'
import { readLayout } from './layout.ts'
import type { Layout } from './schema.ts'

const FOLDER = join(import.meta.dirname, '../layouts')

/** The layouts that come with the hub, by name. Errors: asserts that each of them can be read. */
export function shippedLayouts(): ReadonlyMap<string, Layout> {
  const layouts = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const reading = readLayout(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')))
      assert(reading.outcome === 'ok', `the layout ${name} can be read: ${JSON.stringify(reading)}`)
      return reading.layout
    })
  return new Map(layouts.map((layout) => [layout.name, layout]))
}
