import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import type { HospitalId } from '../../kernel/id.ts'
import { type Head, headHash, headText } from './head.ts'
import type { LogOf } from './store.ts'

/** A head as it stands in the file outside the database: one JSON object a line. */
export type FiledHead = {
  hospitalId: HospitalId
  log: string
  size: number
  hash: string
  text: string
  publicKey: string
  signature: string
}

/** Where heads are kept beside the database: who cuts the log off or writes it anew there is found by this. */
export type HeadFile = {
  /** The newest head of a log; null when there is none. */
  newestOf(of: LogOf): Promise<Pick<FiledHead, 'size' | 'hash'> | null>
  /** Returns once the heads are on the disk. */
  append(heads: readonly Head[]): Promise<void>
  close(): Promise<void>
}

/**
 * The file at a path, opened or made when it is first needed. A last line that a crash cut short is taken away: its head
 * is appended again. One process appends; any may read.
 */
export function headFileAt(path: string): HeadFile {
  let opening: Promise<OpenFile> | null = null
  const opened = () => (opening ??= openFile(path))
  return {
    newestOf: async ({ hospitalId, log }) =>
      (await opened()).newest.get(`${hospitalId}/${log}`) ?? null,
    async append(heads) {
      if (heads.length === 0) return
      const { file, keep } = await opened()
      const filed = heads.map(filedHead)
      await file.appendFile(filed.map((head) => `${JSON.stringify(head)}\n`).join(''))
      await file.datasync()
      for (const head of filed) keep(head)
    },
    close: async () => (await opening)?.file.close(),
  }
}

type OpenFile = Awaited<ReturnType<typeof openFile>>

async function openFile(path: string) {
  const file = await open(path, 'a+')
  await dropTornLine(file)
  const newest = new Map<string, Pick<FiledHead, 'size' | 'hash'>>()
  const keep = ({ hospitalId, log, size, hash }: FiledHead) => {
    const key = `${hospitalId}/${log}`
    if (size > (newest.get(key)?.size ?? 0)) newest.set(key, { size, hash })
  }
  for await (const { head } of readHeadFile(path)) if (head) keep(head)
  return { file, newest, keep }
}

/** Every line in order, without keeping them; null for one that is no head. */
export async function* readHeadFile(
  path: string,
): AsyncGenerator<{ lineNo: number; head: FiledHead | null }> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity })
  let lineNo = 0
  for await (const line of lines) yield { lineNo: ++lineNo, head: readLine(line) }
}

const filedHead = (head: Head): FiledHead => ({
  hospitalId: head.hospitalId,
  log: head.log,
  size: head.size,
  hash: headHash(head).toString('hex'),
  text: headText(head),
  publicKey: head.publicKey,
  signature: head.signature,
})

function readLine(line: string): FiledHead | null {
  try {
    const head = JSON.parse(line) as Partial<FiledHead> | null
    const isHead =
      typeof head?.hospitalId === 'number' &&
      typeof head.log === 'string' &&
      typeof head.size === 'number' &&
      typeof head.hash === 'string'
    return isHead ? (head as FiledHead) : null
  } catch {
    return null
  }
}

const LINE_FEED = 0x0a
const LONGEST_LINE = 8_192

async function dropTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat()
  if (size === 0) return
  const tail = Buffer.alloc(Math.min(size, LONGEST_LINE))
  await file.read(tail, 0, tail.length, size - tail.length)
  if (tail.at(-1) === LINE_FEED) return
  await file.truncate(size - tail.length + tail.lastIndexOf(LINE_FEED) + 1)
}
