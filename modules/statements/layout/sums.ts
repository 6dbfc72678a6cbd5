import { refuse } from '../refusal.ts'
import { trimmedEnd, trimmedStart } from '../scan/cells.ts'
import type { Row } from '../scan/cutter.ts'
import { EMPTY, fenOf, type NumberForm, numberReader } from './amount.ts'
import type { Test } from './codes.ts'
import type { Condition, Layout } from './schema.ts'

/** What the trailer's values should be, added up row by row. */
export type Sums = {
  add: (row: Row) => void
  /** Holds the sums against what the file says. Errors: FileRefused 'truncated' for another count, 'sums' for another sum. */
  check: (said: ReadonlyMap<string, string>) => void
}

type Tools = {
  add: (condition: Condition, columnOf: (name: string) => number) => Test
  columnOf: (name: string) => number
}

export function createSums({ trailer }: Layout, { add, columnOf }: Tools): Sums {
  const lines = (trailer?.checks ?? []).map((check) => {
    const form: NumberForm = { ...check, unit: check.unit ?? 'fen' }
    return {
      ...check,
      form,
      test: check.where ? add(check.where, columnOf) : null,
      index: check.column === undefined ? -1 : columnOf(check.column),
      reader: numberReader(form),
      total: 0,
    }
  })
  type Line = (typeof lines)[number]
  return {
    add(row) {
      for (const line of lines) {
        if (line.test !== null && !line.test()) continue
        line.total += line.index < 0 ? 1 : valueOf(line, row)
        if (!Number.isSafeInteger(line.total)) {
          refuse('sums', `${line.says} is past all bounds`, row.lineNo)
        }
      }
    },
    check(said) {
      for (const line of lines) checkOne(line, said.get(line.says))
    },
  }

  function valueOf({ index, reader, says }: Line, { bytes, starts, ends, lineNo }: Row): number {
    const start = trimmedStart(bytes, starts[index] ?? 0, ends[index] ?? 0)
    const value = reader.read(bytes, start, trimmedEnd(bytes, start, ends[index] ?? 0))
    if (value === EMPTY) return 0
    return Number.isNaN(value)
      ? refuse('amount', `what ${says} adds up is no amount`, lineNo)
      : value
  }

  function checkOne(line: Line, text: string | undefined): void {
    const { says, of, total, reader, form, optional } = line
    if (text === undefined || text === '') {
      if (optional) return
      return refuse('truncated', `${says} is missing at the end`)
    }
    if (of === 'count') {
      if (!/^\d{1,15}$/.test(text)) return refuse('layout', `${says} is no number`)
      if (Number(text) === total) return
      return refuse('truncated', `${says} is ${text}, the rows are ${total}`)
    }
    const bytes = Buffer.from(text)
    const value = reader.read(bytes, 0, bytes.length)
    if (!Number.isFinite(value)) return refuse('layout', `${says} is no amount`)
    if (fenOf(value, reader.scale, form.unit) !== fenOf(total, reader.scale, form.unit)) {
      refuse('sums', `${says} differs from the rows`)
    }
  }
}
