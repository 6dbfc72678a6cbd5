import { isUtf8 } from 'node:buffer'

import { refuse } from '../refusal.ts'

// Cuts a stream of bytes into rows and cells without making a text of any of them. Works on the bytes as they came:
// line ends and separators are ASCII in UTF-8, and in GBK as long as second bytes are stepped over.

export type CutOptions = {
  /** What parts cells, one or two bytes of ASCII; null where a row is not parted, as columns have fixed widths. */
  separator: string | null
  /** What may enclose a cell, as in CSV; doubled inside it stands for itself. */
  quote: string | null
  /** What stands before every value of a row of data, as a backtick does: such rows are cut only before it. */
  cellPrefix: string | null
  encoding: 'utf-8' | 'gb18030'
  limits: ScanLimits
}

export type ScanLimits = { lineBytes: number; cellBytes: number; cells: number; rows: number }

export const SCAN_LIMITS: ScanLimits = {
  lineBytes: 1_048_576,
  cellBytes: 65_536,
  cells: 512,
  rows: 20_000_000,
}

/** One row, valid until the next: the same object is used for all. Cell i is bytes[starts[i]] up to bytes[ends[i]]. */
export type Row = {
  bytes: Buffer
  /** The physical line the row begins on, from 1. */
  lineNo: number
  /** The whole row without its line end. */
  start: number
  end: number
  cells: number
  starts: Int32Array
  ends: Int32Array
  /** 1 for a cell that was quoted and holds doubled quotes. */
  escaped: Uint8Array
  isPrefixed: boolean
}

export type Cutter = {
  /** Takes the next bytes and calls back for every row they complete. Errors: FileRefused. */
  push: (chunk: Uint8Array) => void
  /** The last row may lack its line end. Errors: FileRefused, 'truncated' inside quotes. */
  end: () => void
}

export function createCutter(options: CutOptions, onRow: (row: Row) => void): Cutter {
  const state = newState(options)
  return {
    push(chunk) {
      for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
        take(state, chunk.subarray(from, from + PIECE_BYTES))
        checkText(state, false)
        cut(state, onRow, false)
      }
    },
    end() {
      checkText(state, true)
      cut(state, onRow, true)
      if (state.isQuoted) refuse('truncated', 'a quoted cell does not end', state.row.lineNo)
      if (state.end > state.row.start) endRow(state, state.end, onRow)
      state.row.start = state.end
    },
  }
}

const PIECE_BYTES = 65_536
const [LF, CR, NONE] = [0x0a, 0x0d, -1]
/** What a byte is to the cutter; all others are just content. */
const [CONTENT, SEPARATOR, LINE_END, QUOTE, LEAD, FORBIDDEN] = [0, 1, 2, 3, 4, 5]
// In GBK and GB18030: the first of two bytes, whose second may look like ASCII.
const [FIRST_LEAD, LAST_LEAD] = [0x81, 0xfe]

type State = {
  options: CutOptions
  kinds: Uint8Array
  separatorNext: number // the second byte of the separator
  quote: number
  prefix: number
  lineEnd: number // LF or CR, NONE until the first was seen
  row: Row
  end: number // of what was taken
  pos: number // up to where it was cut
  cellStart: number
  isQuoted: boolean
  closedAt: number // where the quotes of this cell ended
  hasDoubled: boolean
  linesInRow: number
  rows: number
  checkedTo: number
}

function newState(options: CutOptions): State {
  const { separator, quote, cellPrefix, encoding, limits } = options
  const kinds = new Uint8Array(256).fill(CONTENT)
  if (encoding === 'gb18030') {
    kinds.fill(LEAD, FIRST_LEAD, LAST_LEAD + 1)
    kinds[0x80] = FORBIDDEN
    kinds[0xff] = FORBIDDEN
  }
  kinds[0] = FORBIDDEN
  kinds[LF] = LINE_END
  kinds[CR] = LINE_END
  if (quote !== null) kinds[quote.charCodeAt(0)] = QUOTE
  if (separator !== null) kinds[separator.charCodeAt(0)] = SEPARATOR
  const row: Row = {
    bytes: Buffer.allocUnsafe(4 * PIECE_BYTES),
    lineNo: 1,
    start: 0,
    end: 0,
    cells: 0,
    starts: new Int32Array(limits.cells),
    ends: new Int32Array(limits.cells),
    escaped: new Uint8Array(limits.cells),
    isPrefixed: false,
  }
  return {
    options,
    kinds,
    separatorNext: separator?.[1] === undefined ? NONE : separator.charCodeAt(1),
    quote: quote?.charCodeAt(0) ?? NONE,
    prefix: cellPrefix?.charCodeAt(0) ?? NONE,
    lineEnd: NONE,
    row,
    end: 0,
    pos: 0,
    cellStart: 0,
    isQuoted: false,
    closedAt: NONE,
    hasDoubled: false,
    linesInRow: 1,
    rows: 0,
    checkedTo: 0,
  }
}

/** Puts bytes behind what is left of the row in work, which is moved to the front. */
function take(state: State, piece: Uint8Array): void {
  const { row, options } = state
  const left = state.end - row.start
  if (left > options.limits.lineBytes) {
    refuse('line_too_long', `a line is longer than ${options.limits.lineBytes} bytes`, row.lineNo)
  }
  if (state.end + piece.length > row.bytes.length) {
    const needed = left + piece.length
    const target =
      needed > row.bytes.length ? Buffer.allocUnsafe(2 * (needed + PIECE_BYTES)) : row.bytes
    row.bytes.copy(target, 0, row.start, state.end)
    row.bytes = target
    moveBack(state, row.start)
  }
  row.bytes.set(piece, state.end)
  state.end += piece.length
}

function moveBack(state: State, by: number): void {
  const { row } = state
  for (let i = 0; i < row.cells; i++) {
    row.starts[i] = (row.starts[i] ?? 0) - by
    row.ends[i] = (row.ends[i] ?? 0) - by
  }
  row.start -= by
  state.end -= by
  state.pos -= by
  state.cellStart -= by
  state.checkedTo -= by
  if (state.closedAt !== NONE) state.closedAt -= by
}

/** Goes on where it stopped. What needs a byte that is not there yet is left for the next time. */
function cut(state: State, onRow: (row: Row) => void, isLast: boolean): void {
  const { kinds, row } = state
  const { bytes } = row
  const { end } = state
  let { pos } = state
  while (pos < end) {
    if (state.isQuoted) {
      pos = passQuoted(state, pos, isLast)
      if (state.isQuoted) break
      continue
    }
    // Most bytes are content: nothing but this loop touches them.
    while (pos < end && kinds[bytes[pos] as number] === CONTENT) pos++
    if (pos >= end) break
    const kind = kinds[bytes[pos] as number]
    if (kind === SEPARATOR) {
      const next = row.isPrefixed || startsPrefixed(state) ? state.prefix : state.separatorNext
      if (next !== NONE && pos + 1 >= end && !isLast) break
      const length = next === NONE ? 1 : bytes[pos + 1] === next ? 2 : 0
      if (length > 0) endCell(state, pos, pos + length)
      pos += Math.max(length, 1)
    } else if (kind === LINE_END) {
      const length = lineEndAt(state, pos, isLast)
      if (length < 0) break
      if (length > 0) {
        endRow(state, pos, onRow)
        startRow(state, pos + length)
      }
      pos += Math.max(length, 1)
    } else if (kind === LEAD) {
      if (pos + 1 >= end && !isLast) break
      checkTrail(state, bytes[pos + 1])
      pos += 2
    } else if (kind === QUOTE) {
      state.isQuoted = pos === state.cellStart && state.closedAt === NONE
      pos++
    } else {
      refuseByte(state, bytes[pos] as number)
    }
  }
  state.pos = pos
}

/** A row whose first byte is the prefix is one of data. */
function startsPrefixed({ row, prefix }: State): boolean {
  row.isPrefixed = prefix !== NONE && row.bytes[row.start] === prefix
  return row.isPrefixed
}

/** Up to the end of the quotes; what follows them must be the end of the cell. */
function passQuoted(state: State, from: number, isLast: boolean): number {
  const { bytes } = state.row
  const { quote, end } = state
  let pos = from
  for (; pos < end; pos++) {
    const byte = bytes[pos]
    if (byte === quote) {
      if (pos + 1 >= end && !isLast) return pos
      if (bytes[pos + 1] !== quote || pos + 1 >= end) break
      state.hasDoubled = true
      pos++
    } else if (byte === LF) state.linesInRow++
    else if (byte === 0) refuseByte(state, byte)
  }
  if (pos >= end) return pos
  state.isQuoted = false
  state.closedAt = pos
  return pos + 1
}

/** How many bytes end the line here: 0 for a carriage return that is content, -1 when the next byte must be known. */
function lineEndAt(state: State, pos: number, isLast: boolean): number {
  const { bytes } = state.row
  const isFeed = bytes[pos] === LF
  if (state.lineEnd === NONE) {
    if (!isFeed && pos + 1 >= state.end && !isLast) return -1
    // A lone carriage return ends lines in files from old machines, and then in all of the file.
    state.lineEnd = isFeed || bytes[pos + 1] === LF ? LF : CR
  }
  if (state.lineEnd === CR) return isFeed ? 0 : 1
  if (isFeed) return 1
  if (pos + 1 >= state.end && !isLast) return -1
  return bytes[pos + 1] === LF ? 2 : 0
}

function endCell(state: State, at: number, next: number): void {
  const { row, options, closedAt } = state
  const { limits } = options
  const i = row.cells
  if (i >= limits.cells) {
    refuse('too_many_columns', `a row has more than ${limits.cells} columns`, row.lineNo)
  }
  let start = state.cellStart
  let end = at
  if (closedAt !== NONE) {
    start++
    end = closedAt
    for (let rest = closedAt + 1; rest < at; rest++) {
      if (row.bytes[rest] !== 0x20) refuse('quote', 'text follows a quoted cell', row.lineNo)
    }
  } else if (i === 0 && startsPrefixed(state)) start++
  if (end - start > limits.cellBytes) {
    refuse('cell_too_long', `a cell is longer than ${limits.cellBytes} bytes`, row.lineNo)
  }
  row.starts[i] = start
  row.ends[i] = end
  row.escaped[i] = state.hasDoubled ? 1 : 0
  row.cells = i + 1
  state.cellStart = next
  state.closedAt = NONE
  state.hasDoubled = false
}

function endRow(state: State, at: number, onRow: (row: Row) => void): void {
  const { row, options } = state
  const { limits } = options
  if (at - row.start > limits.lineBytes) {
    refuse('line_too_long', `a line is longer than ${limits.lineBytes} bytes`, row.lineNo)
  }
  if (options.separator !== null) endCell(state, at, at)
  row.end = at
  state.rows++
  if (state.rows > limits.rows) {
    refuse('too_many_rows', `there are more than ${limits.rows} lines`, row.lineNo)
  }
  onRow(row)
}

function startRow(state: State, at: number): void {
  const { row } = state
  row.lineNo += state.linesInRow
  row.start = at
  row.cells = 0
  row.isPrefixed = false
  state.cellStart = at
  state.linesInRow = 1
  state.closedAt = NONE
  state.hasDoubled = false
}

function checkTrail(state: State, trail: number | undefined): void {
  const isTrail =
    trail !== undefined &&
    ((trail >= 0x40 && trail <= 0xfe && trail !== 0x7f) || (trail >= 0x30 && trail <= 0x39))
  if (!isTrail) refuse('encoding', 'it is not GB18030', state.row.lineNo)
}

function refuseByte({ row }: State, byte: number): never {
  if (byte === 0) return refuse('nul', 'it holds a NUL byte', row.lineNo)
  return refuse('encoding', 'it is not GB18030', row.lineNo)
}

/** Before a row of it is seen. A character that is not whole yet is left for the next time. */
function checkText(state: State, isLast: boolean): void {
  const { row, options, checkedTo, end } = state
  if (options.encoding !== 'utf-8') return
  const until = wholeCharacters(row.bytes, checkedTo, end)
  if (until > checkedTo && !isUtf8(row.bytes.subarray(checkedTo, until))) {
    refuse('encoding', 'it is not UTF-8', row.lineNo)
  }
  if (isLast && until < end) refuse('truncated', 'it ends within a character', row.lineNo)
  state.checkedTo = until
}

/** Where the last character ends that cannot be continued. */
function wholeCharacters(bytes: Uint8Array, from: number, end: number): number {
  for (let at = end - 1; at >= from && at >= end - 3; at--) {
    const byte = bytes[at] as number
    if (byte < 0x80) return end
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0
    if (length > 0) return at + length > end ? at : end
  }
  return end
}
