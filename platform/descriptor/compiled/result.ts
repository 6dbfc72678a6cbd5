import { isList, isRecord } from './values.ts'

export const MAX_DEPTH = 16

type Copied = { ok: true; value: unknown } | { ok: false; reason: string }

/**
 * A fresh copy as JSON would make it, of which nothing is shared with anything: numbers that are none become null, what
 * is undefined is left out or null. Measured as the sandbox does it, member by member, its marks on lists counted too.
 */
export function copied(value: unknown, maxCharacters: number): Copied {
  try {
    const size = { left: maxCharacters }
    return { ok: true, value: value === undefined ? undefined : copyOf(value, 0, size) }
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    return { ok: false, reason: error.message }
  }
}

type Size = { left: number }

function copyOf(value: unknown, depth: number, size: Size): unknown {
  if (depth > MAX_DEPTH) throw new TooMuch('its result is nested too deep')
  if (typeof value === 'string') {
    grow(size, value.length + 2)
    return value
  }
  grow(size, 8)
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null // -0 is 0 in JSON
  if (isList(value)) {
    const marks = ['sequence', 'keepSingleton', 'outerWrapper'].filter((mark) =>
      Object.hasOwn(value, mark),
    )
    if (marks.length > 0 && depth === MAX_DEPTH) throw new TooMuch('its result is nested too deep')
    for (const mark of marks) grow(size, mark.length + 8)
    const copy: unknown[] = []
    for (const item of value) {
      grow(size, digitsOf(copy.length))
      copy.push(copyOf(item, depth + 1, size) ?? null)
    }
    return copy
  }
  return isRecord(value) ? copyOfRecord(value, depth, size) : (value ?? null)
}

function copyOfRecord(record: Record<string, unknown>, depth: number, size: Size): unknown {
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(record)) {
    grow(size, name.length)
    const value = copyOf(record[name], depth + 1, size)
    if (name === '__proto__') {
      Object.defineProperty(copy, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    } else copy[name] = value
  }
  return copy
}

function digitsOf(index: number): number {
  let digits = 1
  for (let above = 10; above <= index; above *= 10) digits++
  return digits
}

function grow(size: Size, characters: number): void {
  size.left -= characters
  if (size.left < 0) throw new TooMuch('its result is too large')
}

class TooMuch extends Error {}
