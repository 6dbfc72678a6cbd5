import { createCutter, type Row, SCAN_LIMITS } from '../scan/cutter.ts'

/** Reads a normalised file again, its header left out. */
export async function* batchesOf<T>(
  bytes: AsyncIterable<Uint8Array>,
  read: (row: Row) => T,
): AsyncGenerator<T[]> {
  let batch: T[] = []
  let isHeader = true
  const options = {
    separator: ',',
    quote: '"',
    cellPrefix: null,
    encoding: 'utf-8',
    limits: { ...SCAN_LIMITS, lineBytes: 4 * SCAN_LIMITS.lineBytes },
  } as const
  const cutter = createCutter(options, (row) => {
    if (!isHeader) batch.push(read(row))
    isHeader = false
  })
  for await (const piece of bytes) {
    cutter.push(piece)
    if (batch.length === 0) continue
    yield batch
    batch = []
  }
  cutter.end()
  if (batch.length > 0) yield batch
}
