import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'
import type { NewId } from '../../../kernel/id.ts'
import { refuse } from '../refusal.ts'

// Files by the hash of their bytes, in a folder: what came, what was made of it, and what was refused. A file that is
// there is whole: it is written under another name first.

export type StoredFile = {
  sha256: string
  size: number
  /** The bytes, or those from one place up to another, which is not among them. */
  stream: (from?: number, to?: number) => AsyncIterable<Uint8Array>
  read: (from: number, length: number) => Promise<Buffer>
}

export type FileStore = {
  /** Keeps what comes. Errors: FileRefused 'too_large', and then nothing is kept. */
  receive: (source: AsyncIterable<Uint8Array>, mostBytes: number) => Promise<StoredFile>
  /** Errors: asserts that the file is there. */
  open: (sha256: string) => Promise<StoredFile>
  draft: () => Promise<Draft>
  /** Removes what was begun before then and never ended, as its process died; returns how much. */
  clean: (before: Date) => Promise<number>
}

/** A file in the making. It must end kept or discarded. */
export type Draft = {
  write: (bytes: Uint8Array) => Promise<void>
  restart: () => Promise<void>
  keep: () => Promise<StoredFile>
  discard: () => Promise<void>
}

export function createFolderStore({ folder, newId }: { folder: string; newId: NewId }): FileStore {
  const incoming = join(folder, 'incoming')
  const pathOf = (sha256: string) => {
    assert(/^[0-9a-f]{64}$/.test(sha256), 'a hash names a file')
    return join(folder, sha256.slice(0, 2), sha256)
  }
  return { receive, open: openStored, draft: newDraft, clean: (before) => clean(incoming, before) }

  async function receive(source: AsyncIterable<Uint8Array>, mostBytes: number) {
    const draft = await newDraft()
    try {
      let size = 0
      for await (const piece of source) {
        size += piece.length
        if (size > mostBytes) refuse('too_large', `it is larger than ${mostBytes} bytes`)
        await draft.write(piece)
      }
    } catch (error) {
      await draft.discard()
      throw error
    }
    return draft.keep()
  }

  async function newDraft(): Promise<Draft> {
    await mkdir(incoming, { recursive: true })
    const path = join(incoming, newId<'StatementDraft'>())
    const handle = await open(path, 'wx')
    let hash = createHash('sha256')
    let at = 0
    return {
      async write(bytes) {
        hash.update(bytes)
        await writeAt(handle, bytes, at)
        at += bytes.length
      },
      async restart() {
        hash = createHash('sha256')
        at = 0
        await handle.truncate(0)
      },
      async keep() {
        await handle.sync()
        await handle.close()
        const sha256 = hash.digest('hex')
        const target = pathOf(sha256)
        await mkdir(dirname(target), { recursive: true })
        await rename(path, target)
        await syncFolder(dirname(target))
        return openStored(sha256)
      },
      async discard() {
        await handle.close()
        await rm(path, { force: true })
      },
    }
  }

  async function openStored(sha256: string): Promise<StoredFile> {
    const path = pathOf(sha256)
    const { size } = await stat(path)
    return {
      sha256,
      size,
      stream: (from = 0, to = size) =>
        to > from ? createReadStream(path, { start: from, end: to - 1 }) : nothing(),
      read: (from, length) => readPart(path, from, length),
    }
  }
}

async function clean(incoming: string, before: Date): Promise<number> {
  let count = 0
  for (const name of await readdir(incoming).catch((): string[] => [])) {
    const path = join(incoming, name)
    const info = await stat(path).catch(() => null)
    if (!info || info.mtime >= before) continue
    await rm(path, { force: true })
    count++
  }
  return count
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}

async function readPart(path: string, from: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await handle.read(bytes, 0, length, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The name in the folder is as safe as the bytes only once the folder is written, too. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
