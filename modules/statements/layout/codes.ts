import iconv from 'iconv-lite'

import { trimmedEnd, trimmedStart } from '../scan/cells.ts'
import type { Row } from '../scan/cutter.ts'
import type { Condition } from './schema.ts'

// Conditions on codes, compared as bytes: each column that a condition names is looked up once a row.

/** Pseudo columns: which of the two amount columns is filled, and the kind the rules gave. */
export const DIRECTION = '@direction'
export const KIND = '@kind'

const [IS_EMPTY, IS_OTHER, FIRST_CODE] = [0, 1, 2]

export type CodeTable = {
  /** A condition to be asked of each row; columns are found by `columnOf`. */
  add: (condition: Condition, columnOf: (name: string) => number) => Test
  /** Looks up the codes of a row's own columns. */
  look: (row: Row) => void
  /** Says what a pseudo column is for this row. */
  tell: (pseudo: string, value: string) => void
}

/** Whether the row that was looked at fulfils the condition. */
export type Test = () => boolean

export function createCodeTable(encoding: 'utf-8' | 'gb18030'): CodeTable {
  const slots: Slot[] = []
  return {
    add(condition, columnOf) {
      const parts = Object.entries(condition).map(([name, values]) => {
        const slot = slotOf(slots, name, columnOf)
        for (const value of values) addCode(slot, value, encoding)
        return { slot, values, known: [] as boolean[] }
      })
      return () => {
        for (const { slot, values, known } of parts) {
          // Each code is judged once: there are millions of rows, and few codes.
          if (!(known[slot.code] ??= allows(slot, values))) return false
        }
        return true
      }
    },
    look(row) {
      for (const slot of slots) if (slot.column >= 0) slot.code = codeAt(slot, row)
    },
    tell(pseudo, value) {
      for (const slot of slots) {
        if (slot.name === pseudo) slot.code = FIRST_CODE + slot.texts.indexOf(value)
      }
    },
  }
}

type Slot = {
  name: string
  column: number // -1 for a pseudo column
  texts: string[]
  codes: Uint8Array[]
  code: number
}

function slotOf(slots: Slot[], name: string, columnOf: (name: string) => number): Slot {
  const known = slots.find((slot) => slot.name === name)
  if (known) return known
  const column = name.startsWith('@') ? -1 : columnOf(name)
  const slot: Slot = { name, column, texts: [], codes: [], code: IS_OTHER }
  slots.push(slot)
  return slot
}

function addCode(slot: Slot, text: string, encoding: 'utf-8' | 'gb18030'): void {
  if (text === '' || text === '*' || slot.texts.includes(text)) return
  slot.texts.push(text)
  slot.codes.push(iconv.encode(text, encoding === 'utf-8' ? 'utf8' : 'gb18030'))
}

function codeAt({ column, codes }: Slot, { bytes, starts, ends }: Row): number {
  const start = trimmedStart(bytes, starts[column] ?? 0, ends[column] ?? 0)
  const end = trimmedEnd(bytes, start, ends[column] ?? 0)
  if (start === end) return IS_EMPTY
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as Uint8Array
    if (code.length === end - start && isSame(bytes, start, code)) return FIRST_CODE + i
  }
  return IS_OTHER
}

function isSame(bytes: Uint8Array, start: number, code: Uint8Array): boolean {
  for (let i = 0; i < code.length; i++) if (bytes[start + i] !== code[i]) return false
  return true
}

function allows({ code, texts }: Slot, values: readonly string[]): boolean {
  if (code === IS_EMPTY) return values.includes('')
  if (values.includes('*')) return true
  const text = texts[code - FIRST_CODE]
  return text !== undefined && values.includes(text)
}
