import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type { BusinessDate } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { findArrival } from '../day-store.ts'
import type { ReconciliationDependencies } from '../dependencies.ts'
import { extractLines, extractOwn } from '../matching/extract.ts'
import type { Side } from '../matching/side-files.ts'
import type { CrossCheckKey } from './cross-check-store.ts'
import { type CrossCheckPlan, type Input, inputsOf } from './plan.ts'

export type Gathered = { sides: Side[]; waitsFor: null } | { sides: null; waitsFor: string }

/** Writes the rows of all sides into a folder, or says what is not there yet. Holds one page of rows at a time. */
export async function gatherSides(
  dependencies: ReconciliationDependencies,
  { hospitalId, businessDate }: CrossCheckKey,
  plan: CrossCheckPlan,
  folder: string,
): Promise<Gathered> {
  await mkdir(folder, { recursive: true })
  const sides: Side[] = []
  for (const [name, input] of inputsOf(plan)) {
    const place = { hospitalId, businessDate, path: join(folder, `${name}.csv`) }
    const side = await sideOf(dependencies, name, input, place)
    if (!side) return { sides: null, waitsFor: `${input.from} ${input.source}` }
    sides.push(side)
  }
  return { sides, waitsFor: null }
}

type Place = Pick<CrossCheckKey, 'hospitalId' | 'businessDate'> & { path: string }

async function sideOf(
  { db, listFile }: ReconciliationDependencies,
  name: string,
  { from, source }: Input,
  { hospitalId, businessDate, path }: Place,
): Promise<Side | null> {
  const extract = { db, hospitalId, source, from: businessDate, to: businessDate, path }
  switch (from) {
    case 'own':
      return extractOwn(name, extract)
    case 'list': {
      const isThere = await inHospital(db, hospitalId, async (tx) => {
        const arrival = await findArrival(tx, hospitalId, businessDate, source)
        return arrival?.status === 'received' && !arrival.compareDue
      })
      return isThere ? extractLines(name, extract) : null
    }
    case 'file': {
      const file = await listFile?.(hospitalId, source, businessDate)
      if (!file) return null
      await pipeline(Readable.from(file.bytes()), createWriteStream(path))
      return { name, files: [path], sha256: file.sha256 }
    }
  }
}

/** A folder of its own for each cross-check and date, by a name that is safe in any file system. */
export const folderOf = (folder: string, { hospitalId, name, businessDate }: CrossCheckKey) => {
  const hash = createHash('sha256').update(`${name} ${businessDate}`).digest('hex').slice(0, 16)
  return join(folder, `inputs-${hospitalId}-${hash}`)
}

export type ListDate = { source: string; date: BusinessDate }
