/** Why a file is not taken. A file is taken whole or not at all, so there is one reason for all of it. */
export const REFUSAL_CODES = [
  'empty', // there is nothing in it
  'encoding', // its bytes are not of the declared encoding
  'nul', // it holds a NUL byte
  'line_too_long',
  'cell_too_long',
  'too_many_columns',
  'too_many_rows',
  'too_large', // more bytes than are taken, packed or unpacked
  'quote', // a quoted cell does not end where a cell ends
  'truncated', // its end is missing, or counts other rows
  'hash', // a checksum of the container is wrong
  'container', // it is not packed as declared, encrypted, or packed twice
  'path', // a name in the archive leads elsewhere
  'ratio', // it unpacks to far more than was sent
  'layout', // columns, codes or marks are others than declared
  'amount', // an amount is not exactly one
  'moment', // a date or time is none
  'sums', // the rows add up to something else than it says
  'account', // it is of another account
  'date', // it is of another day
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** Ends the reading of a file. `lineNo` counts from 1; null where the file as a whole is meant. */
export class FileRefused extends Error {
  readonly code: RefusalCode
  readonly lineNo: number | null

  constructor(code: RefusalCode, reason: string, lineNo: number | null) {
    super(reason)
    this.code = code
    this.lineNo = lineNo
  }
}

export function refuse(code: RefusalCode, reason: string, lineNo: number | null = null): never {
  throw new FileRefused(code, reason, lineNo)
}
