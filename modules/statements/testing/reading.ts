import { assert } from '../../../kernel/assert.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { unpack, type UnpackLimits } from '../containers/unpack.ts'
import type { StoredFile } from '../files/folder.ts'
import type { Layout } from '../layout/schema.ts'
import { shippedLayouts } from '../layout/shipped.ts'
import { normalise } from '../normal/normalise.ts'
import { FileRefused } from '../refusal.ts'
import { type ScanLimits } from '../scan/cutter.ts'

const layouts = shippedLayouts()

export function layoutOf(name: string): Layout {
  const layout = layouts.get(name)
  assert(layout, `there is a layout ${name}`)
  return layout
}

export type ReadOptions = {
  date?: string | null
  account?: string | null
  limits?: ScanLimits
  unpack?: UnpackLimits
  /** How the bytes come: where each piece ends. */
  cutAt?: readonly number[]
}

/** Reads bytes by a layout, and gives the rows as they are kept. */
export async function readBytes(layout: Layout, bytes: Uint8Array, options: ReadOptions = {}) {
  const { date = '2026-11-20', account = null, cutAt = [], ...rest } = options
  let written: Buffer[] = []
  const expected = { businessDate: date as BusinessDate | null, account }
  try {
    const parts = await unpack(inMemory(bytes, cutAt), layout, rest.unpack)
    const result = await normalise({
      layout,
      expected,
      parts,
      write: async (piece) => void written.push(piece),
      restart: async () => void (written = []),
      ...(rest.limits ? { limits: rest.limits } : {}),
    })
    const [header = '', ...rows] = Buffer.concat(written).toString().split('\n')
    return { result, header, rows: rows.slice(0, -1) }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    const { code, message: reason, lineNo } = error
    const result = { outcome: 'refused' as const, code, reason, lineNo }
    return { result, header: '', rows: [] }
  }
}

function inMemory(bytes: Uint8Array, cutAt: readonly number[] = []): StoredFile {
  const whole = Buffer.from(bytes)
  return {
    sha256: '',
    size: whole.length,
    stream: (from = 0, to = whole.length) => pieces(whole.subarray(from, to), cutAt),
    read: async (from, length) => Buffer.from(whole.subarray(from, from + length)),
  }
}

async function* pieces(bytes: Buffer, cutAt: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0
  for (const at of [...cutAt, bytes.length]) {
    if (at <= from || at > bytes.length) continue
    yield Buffer.from(bytes.subarray(from, at))
    from = at
  }
}
