import { createReadStream } from 'node:fs'
import { join } from 'node:path'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { ListFile } from '../../modules/reconciliation/index.ts'
import { writeRows } from '../../modules/reconciliation/matching/extract.ts'
import type { NormalisedRow } from '../../modules/reconciliation/matching/row.ts'
import { statementRows } from '../../modules/statements/index.ts'

/** Lists that came as files, as the intake keeps them: normalised, the newest of each source and date. */
export function listFiles(folder: string) {
  const files = new Map<string, { path: string; sha256: string }>()
  let count = 0
  return { put, listFile }

  async function put(source: string, date: BusinessDate, rows: readonly NormalisedRow[]) {
    const path = join(folder, `list-${++count}-${source}-${date}.csv`)
    const { sha256 } = await writeRows(path, [rows])
    files.set(`${source} ${date}`, { path, sha256 })
  }

  async function listFile(
    _hospitalId: HospitalId,
    source: string,
    date: BusinessDate,
  ): Promise<ListFile | null> {
    const file = files.get(`${source} ${date}`)
    if (!file) return null
    const bytes = () => createReadStream(file.path)
    return { sha256: file.sha256, bytes, rows: () => statementRows(bytes()) }
  }
}
