import { open } from 'node:fs/promises'
import { join } from 'node:path'

import { textFieldsOf } from '../../../platform/descriptor/formats.ts'
import { fill } from '../../../platform/descriptor/templates.ts'
import { type Asked, type Context, type Heard, NotMade } from './context.ts'
import { decoded, limitsOf } from './http.ts'
import type { FolderWire } from './schema.ts'

/** Reads a file that the hospital has laid there: `{ lines: [[field, …], …] }`. One that is not there is status 404. */
export async function askFolder(
  { account, deps, ...context }: Context,
  wire: FolderWire,
  message: { asked: Asked; vars: Readonly<Record<string, string>>; document: unknown },
): Promise<Heard> {
  const { asked, vars, document } = message
  const named = textFieldsOf(document) ?? {}
  const name = fill(wire.file, { ...account.open, ...vars, ...named, ...asked.call })
  const folder = account.open[wire.folder]
  if (folder === undefined || name === null || /[/\\]|^\.\.?$/.test(name)) {
    throw new NotMade('the file has no name')
  }
  const sent = { file: name }
  const bytes = await readAtMost(join(folder, name), limitsOf({ account, deps, ...context }).bytes)
  if (bytes === 'absent') return { kind: 'heard', status: 404, body: null, sent }
  if (bytes === 'too_large') return { kind: 'silence', reason: `${name} is too large`, sent }
  const text = decoded(bytes, wire.encoding)
  if (text === null) return { kind: 'silence', reason: `not in ${wire.encoding ?? 'utf-8'}`, sent }
  const lines = text
    .split(/\r?\n/)
    .slice(wire.skipLines ?? 0)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(wire.separator))
  return { kind: 'heard', status: 200, body: { lines }, sent }
}

async function readAtMost(path: string, most: number): Promise<Buffer | 'absent' | 'too_large'> {
  const file = await open(path).catch(() => null)
  if (file === null) return 'absent'
  try {
    const { size } = await file.stat()
    return size > most ? 'too_large' : await file.readFile()
  } finally {
    await file.close()
  }
}
