import { refuse } from '../refusal.ts'

/** What a file may be written in. GB18030 holds all of GBK and GB2312. */
export const ENCODINGS = ['utf-8', 'utf-16', 'gb18030'] as const
export type Encoding = (typeof ENCODINGS)[number]

export type Decoded = {
  /** What the bytes are in now: UTF-16 was made UTF-8, as the cutter knows ASCII only. */
  encoding: 'utf-8' | 'gb18030'
  bytes: AsyncIterable<Uint8Array>
}

/**
 * The bytes without a byte order mark, and in an encoding that leaves ASCII alone. A mark says more than the declaration:
 * it decides between the declared encodings, and refuses the file when it names another.
 * Errors: FileRefused 'encoding'.
 */
export async function decodeStream(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): Promise<Decoded> {
  const { head, rest } = await takeHead(source)
  const mark = markOf(head)
  if (mark !== null && mark.encoding !== encoding) {
    return refuse('encoding', `a mark at its beginning says ${mark.encoding}, not ${encoding}`)
  }
  const bytes = chain(head.subarray(mark?.length ?? 0), rest)
  if (encoding !== 'utf-16') return { encoding, bytes }
  return { encoding: 'utf-8', bytes: fromUtf16(bytes, mark?.isBigEndian ?? false) }
}

type Mark = { encoding: Encoding; length: number; isBigEndian: boolean }

function markOf(head: Uint8Array): Mark | null {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    return { encoding: 'utf-8', length: 3, isBigEndian: false }
  }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16', length: 2, isBigEndian: false }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16', length: 2, isBigEndian: true }
  return null
}

const HEAD_BYTES = 3

/** The first bytes, however small the pieces are in which they come. */
async function takeHead(source: AsyncIterable<Uint8Array>) {
  const pieces = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < HEAD_BYTES) {
    const { done, value } = await pieces.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  return { head, rest: pieces }
}

async function* chain(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head
    for (;;) {
      const { done, value } = await rest.next()
      if (done) return
      yield value
    }
  } finally {
    await rest.return?.()
  }
}

async function* fromUtf16(
  source: AsyncIterable<Uint8Array>,
  isBigEndian: boolean,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(isBigEndian ? 'utf-16be' : 'utf-16le', { fatal: true })
  const decode = (bytes?: Uint8Array) => {
    try {
      return Buffer.from(bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode())
    } catch {
      return refuse('encoding', 'it is not UTF-16')
    }
  }
  for await (const piece of source) yield decode(piece)
  yield decode()
}
